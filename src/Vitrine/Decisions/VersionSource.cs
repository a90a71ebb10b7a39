using System.Globalization;
using Vitrine.Experiences;

namespace Vitrine.Decisions;

/// <summary>Compiles any state of an experience, to be looked at without being delivered.</summary>
internal sealed class VersionSource(ExperienceStore store, DecisionSource source, ExperienceCompiler compiler)
{
    /// <summary>What the draft is called.</summary>
    public const string Draft = "draft";

    /// <summary>What the version is called that is decided by.</summary>
    public const string Live = "live";

    /// <summary>A version by number, <c>live</c> or <c>draft</c>.</summary>
    /// <exception cref="AuthoringRefusedException">There is none of that name, or the draft cannot be published yet.</exception>
    public CompiledExperience Compile(StoredExperience stored, string name)
    {
        var version = name == Draft ? OfDraft(stored) : Published(stored, name);
        try
        {
            var compiled = compiler.Compile(stored, version, source.NamesOf(stored.EnvironmentId), counting: false);
            source.CountTried(stored.EnvironmentId, compiled);
            return compiled;
        }
        catch (InvalidDataException fault)
        {
            throw new AuthoringRefusedException(StatusCodes.Status422UnprocessableEntity, $"{name}: it cannot be compiled: {fault.Message}");
        }
    }

    /// <summary>What a draft would be if it were published now.</summary>
    private static ExperienceVersion OfDraft(StoredExperience stored)
    {
        var draft = stored.Experience.Draft;
        if (draft.Audiences.Any(static audience => audience.Variations.Count == 0))
        {
            throw new AuthoringRefusedException(StatusCodes.Status422UnprocessableEntity, "The draft has an audience without variations; there is nothing to be delivered to it.");
        }

        return ExperienceAuthoring.VersionOf(stored, stored.Experience.Updated);
    }

    private ExperienceVersion Published(StoredExperience stored, string name)
    {
        var version = name == Live ? stored.Live
            : int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= stored.Experience.LiveVersion
                ? store.ReadVersion(stored.EnvironmentId, stored.Experience.Id, number)
                : null;
        return version ?? throw new AuthoringRefusedException(
            StatusCodes.Status404NotFound,
            $"The experience '{stored.Key}' has no version '{name}'. There are {Draft}{(stored.Live is null ? "" : $", {Live}, and 1 to {stored.Experience.LiveVersion}")}.");
    }
}
