using Vitrine.Hosting;
using Vitrine.Journal;
using Vitrine.Projection.Lookups;
using Vitrine.Workspaces;

namespace Vitrine.Decisions;

/// <summary>Reads a request to fetch experiences: its body, and what is known of the customer that it names.</summary>
/// <remarks>
/// Of the customer is looked up what the decision asks for, by another identifier where there is no id: from memory at a
/// server that keeps a projection, and then nothing is waited for; elsewhere by asking one that does. Either is told the
/// same, for it is the same code that answers. While the profiles are being loaded nobody can say, and a decision that
/// asks waits for another request.
/// </remarks>
internal sealed class FetchReading(DecisionSource source, PlaceSource places, ICustomerLookup lookup, TimeProvider time)
{
    /// <summary>Bytes of a body after decompression: 25 keys and what a session knows take a few thousand.</summary>
    private const int MaximumBodyBytes = 128 * 1024;

    private static readonly ApiError TooLarge = ApiError.TooLarge(MaximumBodyBytes);

    /// <summary>What customers are like, or did, is not known yet.</summary>
    public static readonly ApiError Loading = ApiError.Unavailable with
    {
        Description = "The profiles of customers, or what they did, are being loaded, and what this request asks for depends on them. Send it again after the seconds in Retry-After.",
    };

    /// <summary>What the customer is like, or did, only other nodes know, and none of them has said.</summary>
    public static readonly ApiError Unanswered = ApiError.Unavailable with
    {
        Description = "The profiles of customers, and what they did, are known to nodes with the role project; none of them has answered this one, and what this request asks for depends on them. Send it again after the seconds in Retry-After.",
    };

    /// <summary>Reads what a request says. Answers why it cannot be decided; null when it can.</summary>
    /// <param name="context">Whose body has not been read yet.</param>
    /// <param name="environment">Whose experiences are meant.</param>
    /// <param name="request">Empty.</param>
    public async ValueTask<ApiError?> ReadAsync(HttpContext context, WorkspaceEnvironment environment, FetchRequest request)
    {
        var body = await JsonBody.ReadAsync(context.Request, request.Source, MaximumBodyBytes);
        return JsonBody.Refusal(body, TooLarge) ?? Decode(environment, request);
    }

    /// <summary>Reads a body that did not come as a request.</summary>
    public ApiError? Read(ReadOnlySpan<byte> body, WorkspaceEnvironment environment, FetchRequest request)
    {
        request.Source.WriteRaw(body);
        return Decode(environment, request);
    }

    /// <summary>Looks up what the decision needs to know of the customer, which was said before. Answers why it cannot be decided; null when it can.</summary>
    /// <param name="environment">Whose customer.</param>
    /// <param name="request">A request that was read.</param>
    public ValueTask<ApiError?> LearnAsync(WorkspaceEnvironment environment, FetchRequest request)
    {
        var question = request.Customer;
        if (question.CustomerId.Length == 0 && request.IdentifierName is { } name)
        {
            question.IdentifierName = FetchDecoder.Utf8Name(name);
            question.Otherwise.WriteRaw(question.Identifier.Written); // Nobody known: recognised by this from now on.
            UsePseudonym(environment, question.Otherwise);
        }
        else if (question.CustomerId.Length == 0 || !request.AsksAboutUser)
        {
            return ValueTask.FromResult(Know(LookupOutcome.Answered, environment, request));
        }

        (question.EnvironmentId, question.Now, question.WantsProfile) = (environment.Utf8Id, request.Circumstances.Now, request.AsksAboutUser);
        var asking = lookup.AnswerAsync(question, CancellationToken.None); // Whoever has to ask has a limit of its own, shorter than most clients' patience.
        return asking.IsCompletedSuccessfully ? ValueTask.FromResult(Know(asking.Result, environment, request)) : AwaitAsync(asking, environment, request);
    }

    /// <summary>Hands what is known of the customer to the conditions.</summary>
    public void Know(WorkspaceEnvironment environment, FetchRequest request)
    {
        var circumstances = request.Circumstances;
        var names = source.NamesOf(environment.Id);
        request.Customer.Now = circumstances.Now;
        request.Behaviours.Begin(names);
        request.Behaviours.TakeOver();
        circumstances.KnowsUser = request.CustomerId.Length > 0;
        circumstances.Behaviours = request.Behaviours;
        if (request.Profile.Length > 0)
        {
            circumstances.User.Read(request.Profile.Written, names.User);
        }
    }

    private async ValueTask<ApiError?> AwaitAsync(ValueTask<LookupOutcome> asking, WorkspaceEnvironment environment, FetchRequest request) =>
        Know(await asking, environment, request);

    private ApiError? Know(LookupOutcome outcome, WorkspaceEnvironment environment, FetchRequest request)
    {
        if (outcome == LookupOutcome.Answered && request.AsksAboutUser)
        {
            Know(environment, request);
        }

        return outcome switch
        {
            LookupOutcome.Answered => null,
            LookupOutcome.Loading => Loading,
            _ => Unanswered,
        };
    }

    private ApiError? Decode(WorkspaceEnvironment environment, FetchRequest request)
    {
        request.Circumstances.Now = time.GetUtcNow().ToUnixTimeMilliseconds();
        request.Circumstances.Places = places.Places;
        var error = FetchDecoder.Decode(request, source.NamesOf(environment.Id));
        UsePseudonym(environment, request.CustomerId);
        return error;
    }

    private static void UsePseudonym(WorkspaceEnvironment environment, ByteWriter id)
    {
        if (environment.Workspace.Pseudonyms is { } pseudonyms && id.Length > 0)
        {
            Span<byte> pseudonym = stackalloc byte[Pseudonyms.Length];
            pseudonyms.Write(id.Written, pseudonym);
            id.Clear();
            id.WriteRaw(pseudonym);
        }
    }
}
