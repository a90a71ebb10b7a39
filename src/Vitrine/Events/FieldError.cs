using Vitrine.Journal.Records;

namespace Vitrine.Events;

/// <summary>Something wrong in a request, and where.</summary>
/// <param name="Element">The place of the element; −1 when the request as a whole is meant.</param>
/// <param name="Action">The place of the action in its element; −1 when the element as a whole is meant.</param>
/// <param name="Field">The rest of the JSON pointer without its leading slash; empty when the thing itself is meant.</param>
/// <param name="Code">The kind of error, by which the ledger counts.</param>
/// <param name="Reason">What is wrong and what would be right.</param>
public readonly record struct FieldError(int Element, int Action, string Field, RejectionReason Code, string Reason)
{
    /// <summary>The JSON pointer of what is wrong.</summary>
    public string Path => EventPath.Of(Element, Action, Field);

    /// <summary>The field of the element that the vendor's description names.</summary>
    public string ErroredField =>
        Element < 0 ? "elements"
        : Action >= 0 ? "actions"
        : Field.Length > 0 ? Field.Split('/')[0]
        : "elements";
}
