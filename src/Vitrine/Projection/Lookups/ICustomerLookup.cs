namespace Vitrine.Projection.Lookups;

/// <summary>Tells what is stored of a customer: at a server that keeps a projection out of that, elsewhere by asking one that does.</summary>
/// <remarks>Any thread may ask, each with a question of its own.</remarks>
internal interface ICustomerLookup
{
    /// <summary>Fills in what a question asks for. Completes at once where nobody else has to be asked.</summary>
    /// <param name="question">Of the caller's alone until this completes. What is filled in counts only when it is answered.</param>
    /// <param name="cancellation">Ends it without an answer.</param>
    /// <exception cref="IOException">The profile lies on this machine's disk, which refused.</exception>
    ValueTask<LookupOutcome> AnswerAsync(CustomerQuestion question, CancellationToken cancellation);
}

/// <summary>What became of a question.</summary>
internal enum LookupOutcome
{
    /// <summary>It is answered.</summary>
    Answered,

    /// <summary>What is stored is being loaded: nobody can tell now.</summary>
    Loading,

    /// <summary>Nobody who could tell has answered in time.</summary>
    Unanswered,
}
