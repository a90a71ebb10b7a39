using Vitrine.Projection.Profiles;

namespace Vitrine.Projection.Lookups;

/// <summary>Tells what this process's projection knows of customers, as far as it has come. Waits for nothing.</summary>
/// <remarks>Counts are left to the watches, of which many questions are never asked: a condition beside them has failed.</remarks>
internal sealed class ProjectedCustomers(CustomerProfiles profiles) : ICustomerLookup
{
    /// <inheritdoc/>
    public ValueTask<LookupOutcome> AnswerAsync(CustomerQuestion question, CancellationToken cancellation) => ValueTask.FromResult(Answer(question));

    /// <summary>Fills in who the customer is and, where that is asked for, his profile.</summary>
    /// <exception cref="IOException">The profile lies on the disk, which refused.</exception>
    public LookupOutcome Answer(CustomerQuestion question)
    {
        if (!profiles.IsReady)
        {
            return LookupOutcome.Loading;
        }

        var environment = question.EnvironmentId.Span;
        if (!question.IdentifierName.IsEmpty && !profiles.TryFind(environment, question.IdentifierName.Span, question.Identifier.Written, question.CustomerId))
        {
            question.CustomerId.WriteRaw(question.Otherwise.Written);
        }

        _ = question.WantsProfile && profiles.TryRead(environment, question.CustomerId.Written, question.Profile);
        return profiles.IsReady ? LookupOutcome.Answered : LookupOutcome.Loading; // Sent away while it was asked: that nothing was found says nothing.
    }
}
