using Vitrine.Experiences;
using Vitrine.Journal;

namespace Vitrine.Decisions;

/// <summary>A variation ready to be written into an answer: what does not depend on the user is JSON already.</summary>
/// <remarks>Immutable but for its counter; any number of threads may write it at once.</remarks>
internal sealed class CompiledVariation(
    VariationDocument document, byte[] head, IReadOnlyList<CompiledVariable> variables, byte[] tail, DeliveryCounter? counter)
{
    /// <summary>The variation as it was published.</summary>
    public VariationDocument Document => document;

    /// <summary>Its variables in order.</summary>
    public IReadOnlyList<CompiledVariable> Variables => variables;

    /// <summary>Counts deliveries; null for one that is only looked at.</summary>
    public DeliveryCounter? Counter => counter;

    /// <summary>
    /// Appends the member of the answer: the key, the payload and the context. False, with what was appended to be taken
    /// back, when a variable cannot be filled in and its experience is then not to be delivered.
    /// </summary>
    public bool TryWrite(ByteWriter target, FetchRequest request)
    {
        target.WriteRaw(head);
        for (var index = 0; index < variables.Count; index++)
        {
            if (index > 0)
            {
                target.WriteByte((byte)',');
            }

            if (!variables[index].TryWrite(target, request))
            {
                return false;
            }
        }

        target.WriteRaw(tail);
        return true;
    }

    /// <summary>The variables that cannot be filled in as they are written, and what becomes of them.</summary>
    public IReadOnlyList<VariableExplanation> Explain(FetchRequest request) =>
        [.. variables.Select(variable => variable.Explain(request)).OfType<VariableExplanation>()];
}
