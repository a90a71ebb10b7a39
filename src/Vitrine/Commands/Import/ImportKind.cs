using System.Text.Json.Nodes;

namespace Vitrine.Commands.Import;

/// <summary>What is imported: where it is sent, and in what shape.</summary>
internal abstract class ImportKind
{
    /// <summary>What <c>--kind</c> may say; the first one is its default.</summary>
    public static IReadOnlyList<ImportKind> All { get; } = [new ImpressionsAndClicks(), new GoalEvents()];

    /// <summary>What <c>--kind</c> says.</summary>
    public abstract string Name { get; }

    /// <summary>The field of an action that holds when it happened.</summary>
    public abstract string TimeField { get; }

    /// <summary>The fields of a mapping that only this kind has.</summary>
    public virtual IReadOnlyList<string> OwnMappingFields => [];

    /// <summary>The most that one request may hold: of what, <see cref="Weight"/> says.</summary>
    public abstract int MaximumWeight { get; }

    /// <summary>Bytes of a body.</summary>
    public abstract int MaximumBodyBytes { get; }

    /// <summary>What a line may be, for whoever wrote another.</summary>
    public abstract string Shapes { get; }

    /// <summary>Where it is sent, relative to the server's address.</summary>
    public abstract string Path(string workspace);

    /// <summary>The elements of a line; empty when it is of none of the shapes.</summary>
    /// <exception cref="FormatException">It has such a shape, and something in it does not; the message says what, after "line 3".</exception>
    public abstract IReadOnlyList<JsonObject> Elements(JsonObject line);

    /// <summary>Whether an action brings by what it is recognised when it comes again.</summary>
    public abstract bool HasIdentity(JsonObject action);

    /// <summary>The wire's name of an action.</summary>
    public abstract string ActionName(string action);

    /// <summary>How a body begins that holds this element; elements whose bodies begin alike may share one.</summary>
    public abstract string Head(ImportElement element);

    /// <summary>What stands for the element in a body.</summary>
    public abstract string Part(ImportElement element);

    /// <summary>How much of <see cref="MaximumWeight"/> an element is.</summary>
    public abstract int Weight(ImportElement element);

    /// <summary>The line that a path in an answer's <c>errors</c> means, and the field there.</summary>
    public abstract (ImportElement Element, string Field)? Find(ImportBatch batch, string[] steps);

    /// <summary>The kind of that name.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public static ImportKind Of(string name) => All.FirstOrDefault(kind => kind.Name == name)
        ?? throw new CommandException($"--kind must be {string.Join(" or ", All.Select(static kind => kind.Name))}; '{name}' is given");
}
