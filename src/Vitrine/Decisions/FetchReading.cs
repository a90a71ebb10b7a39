using Vitrine.Hosting;
using Vitrine.Projection.Profiles;
using Vitrine.Workspaces;

namespace Vitrine.Decisions;

/// <summary>Reads a request to fetch experiences: its body, and what is known of the customer that it names.</summary>
internal sealed class FetchReading(DecisionSource source, PlaceSource places, CustomerProfiles profiles, TimeProvider time)
{
    /// <summary>Bytes of a body after decompression: 25 keys and what a session knows take a few thousand.</summary>
    private const int MaximumBodyBytes = 128 * 1024;

    private static readonly ApiError TooLarge = ApiError.TooLarge(MaximumBodyBytes);

    /// <summary>What customers are like, or did, is not known yet.</summary>
    public static readonly ApiError Loading = ApiError.Unavailable with
    {
        Description = "The profiles of customers, or what they did, are being loaded, and what this request asks for depends on them. Send it again after the seconds in Retry-After.",
    };

    /// <summary>Reads a request. Answers why it cannot be decided; null when it can.</summary>
    /// <param name="context">Whose body has not been read yet.</param>
    /// <param name="environment">Whose experiences are meant.</param>
    /// <param name="request">Empty.</param>
    /// <param name="asksAboutUser">Whether a decision needs to know what the user is like or did.</param>
    public async ValueTask<ApiError?> ReadAsync(HttpContext context, WorkspaceEnvironment environment, FetchRequest request, bool asksAboutUser)
    {
        var body = await JsonBody.ReadAsync(context.Request, request.Source, MaximumBodyBytes);
        return JsonBody.Refusal(body, TooLarge) ?? Decode(environment, request) ?? Find(environment, request, asksAboutUser);
    }

    /// <summary>Reads a body that did not come as a request, and what is known of the customer whom it names.</summary>
    public ApiError? Read(ReadOnlySpan<byte> body, WorkspaceEnvironment environment, FetchRequest request, bool asksAboutUser) =>
        Read(body, environment, request) ?? Find(environment, request, asksAboutUser);

    /// <summary>Reads a body that was taken out of another one.</summary>
    public ApiError? Read(ReadOnlySpan<byte> body, WorkspaceEnvironment environment, FetchRequest request)
    {
        request.Source.WriteRaw(body);
        return Decode(environment, request);
    }

    /// <summary>Hands what is known of the customer to the conditions.</summary>
    public void Know(WorkspaceEnvironment environment, FetchRequest request)
    {
        var circumstances = request.Circumstances;
        var names = source.NamesOf(environment.Id);
        circumstances.KnowsUser = request.CustomerId.Length > 0;
        request.Behaviours.Ask(request, names);
        circumstances.Behaviours = request.Behaviours;
        if (request.Profile.Length > 0)
        {
            circumstances.User.Read(request.Profile.Written, names.User);
        }
    }

    /// <summary>
    /// Looks the customer up: by another identifier where there is no id, and what he is like where a decision asks. While
    /// the profiles are being loaded nobody can say, and a decision that asks waits for another request.
    /// </summary>
    private ApiError? Find(WorkspaceEnvironment environment, FetchRequest request, bool asksAboutUser)
    {
        var byIdentifier = request.CustomerId.Length == 0 && request.IdentifierName is not null;
        if (!profiles.IsReady && (byIdentifier || (asksAboutUser && request.CustomerId.Length > 0)))
        {
            return Loading;
        }

        if (byIdentifier && !profiles.TryFind(environment.Utf8Id.Span, FetchDecoder.Utf8Name(request.IdentifierName!), request.Identifier.Written, request.CustomerId))
        {
            request.CustomerId.WriteRaw(request.Identifier.Written); // Nobody known: recognised by this from now on.
            UsePseudonym(environment, request);
        }

        if (!profiles.IsReady && byIdentifier)
        {
            return Loading; // Sent away while it was asked: that nobody was found says nothing.
        }

        if (asksAboutUser)
        {
            _ = request.CustomerId.Length > 0 && profiles.TryRead(environment.Utf8Id.Span, request.CustomerId.Written, request.Profile);
            if (!profiles.IsReady && request.CustomerId.Length > 0)
            {
                return Loading;
            }

            Know(environment, request);
        }

        return null;
    }

    private ApiError? Decode(WorkspaceEnvironment environment, FetchRequest request)
    {
        request.Circumstances.Now = time.GetUtcNow().ToUnixTimeMilliseconds();
        request.Circumstances.Places = places.Places;
        var error = FetchDecoder.Decode(request, source.NamesOf(environment.Id));
        UsePseudonym(environment, request);
        return error;
    }

    private static void UsePseudonym(WorkspaceEnvironment environment, FetchRequest request)
    {
        if (environment.Workspace.Pseudonyms is { } pseudonyms && request.CustomerId.Length > 0)
        {
            Span<byte> pseudonym = stackalloc byte[Pseudonyms.Length];
            pseudonyms.Write(request.CustomerId.Written, pseudonym);
            request.CustomerId.Clear();
            request.CustomerId.WriteRaw(pseudonym);
        }
    }
}
