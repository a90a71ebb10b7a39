using Vitrine.Hosting;
using Vitrine.Journal.Records;

namespace Vitrine.Goals;

/// <summary>Something wrong in a request, and where.</summary>
/// <param name="Action">The place of the event; −1 when the request as a whole is meant.</param>
/// <param name="Field">The rest of the JSON pointer without its leading slash; empty when the thing itself is meant.</param>
/// <param name="Code">The kind of error, by which the ledger counts.</param>
/// <param name="Reason">What is wrong and what would be right.</param>
internal readonly record struct GoalError(int Action, string Field, RejectionReason Code, string Reason)
{
    /// <summary>The JSON pointer of what is wrong.</summary>
    public string Path => EventPath.Of(GoalRequest.NoElement, Action, Field);

    /// <summary>As it stands in an answer.</summary>
    public ApiFieldError Named => new(Path, Reason);
}
