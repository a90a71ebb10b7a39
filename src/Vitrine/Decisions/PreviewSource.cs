using Vitrine.Experiences;
using Vitrine.Hosting;
using Vitrine.Workspaces;

namespace Vitrine.Decisions;

/// <summary>Says what a user would get of an experience as somebody is writing it.</summary>
internal sealed class PreviewSource(VersionSource versions, DecisionSource source, FetchReading reading)
{
    /// <summary>What a user would get of a draft, and why; or why that cannot be said.</summary>
    /// <param name="environment">Whose it is.</param>
    /// <param name="stored">An experience, which need not be stored.</param>
    /// <param name="body">What a client would send to fetch it.</param>
    /// <exception cref="AuthoringRefusedException">The draft cannot be published yet.</exception>
    public async ValueTask<(Explanation? Explanation, ApiError? Error)> ExplainAsync(WorkspaceEnvironment environment, StoredExperience stored, ReadOnlyMemory<byte> body)
    {
        var compiled = versions.Compile(stored, VersionSource.Draft);
        var request = FetchRequest.Rent();
        try
        {
            request.AskFor(compiled, source.NamesOf(environment.Id));
            return (reading.Read(body.Span, environment, request) ?? await reading.LearnAsync(environment, request)) is { } error
                ? (null, error)
                : (Explainer.Explain(compiled, VersionSource.Draft, source.Of(environment.Id).GlobalControlGroup, request), null);
        }
        finally
        {
            request.Return();
        }
    }
}
