using System.Text.Json.Serialization;

namespace Vitrine.Experiences;

/// <summary>What an experience is doing at a moment.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ExperienceStatus>))]
public enum ExperienceStatus
{
    /// <summary>Never published.</summary>
    Draft,

    /// <summary>Published, and its start is yet to come.</summary>
    Scheduled,

    /// <summary>Being delivered.</summary>
    Active,

    /// <summary>Resting until it is resumed.</summary>
    Paused,

    /// <summary>Its end has come.</summary>
    Expired,

    /// <summary>Put away.</summary>
    Archived,
}
