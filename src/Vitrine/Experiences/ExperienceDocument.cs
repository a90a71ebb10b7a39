using System.Text.Json;
using System.Text.Json.Serialization;
using Vitrine.Hosting;

namespace Vitrine.Experiences;

/// <summary>An experience as a marketer writes it.</summary>
/// <remarks>The serialiser sets what is absent to null or 0, which therefore means the default.</remarks>
public record ExperienceDocument
{
    private const int DefaultWindow = 36;

    /// <summary>By which clients ask for it: 5–50 letters, digits and <c>. _ -</c>. Fixed once published.</summary>
    [JsonPropertyName("key")]
    public string Key { get; init; } = "";

    /// <summary>What people call it: 5–256 characters.</summary>
    [JsonPropertyName("name")]
    public string Name { get; init; } = "";

    /// <summary>By which it is found in lists: up to 20, of 1–50 characters each.</summary>
    [JsonPropertyName("tags")]
    public IReadOnlyList<string> Tags { get; init => field = value ?? []; } = [];

    /// <summary>The order of experiences in an answer: more important ones first. Default Medium.</summary>
    [JsonPropertyName("priority"), OneOf("Low", "Medium", "High", "Critical")]
    public string Priority { get; init => field = value ?? "Medium"; } = "Medium";

    /// <summary>The IANA zone in which its times are meant. Default: the workspace's.</summary>
    [JsonPropertyName("time_zone")]
    public string? TimeZone { get; init; }

    /// <summary>When it becomes active: a local time in its zone, or one with an offset. Default: when it is published.</summary>
    [JsonPropertyName("start")]
    public string? Start { get; init; }

    /// <summary>From when on it is active no more. Default: never.</summary>
    [JsonPropertyName("end")]
    public string? End { get; init; }

    /// <summary>Whom it is for: up to 10, of which the first that fits a user wins.</summary>
    [JsonPropertyName("audiences")]
    public IReadOnlyList<AudienceDocument> Audiences { get; init => field = value ?? []; } = [];

    /// <summary>Who is kept out to compare with. Default: nobody.</summary>
    [JsonPropertyName("control_group")]
    public ControlGroup ControlGroup { get; init => field = value ?? new(0); } = new(0);

    /// <summary>What it is to bring about: up to 5; the first is the primary one.</summary>
    [JsonPropertyName("goals")]
    public IReadOnlyList<GoalDocument> Goals { get; init => field = value ?? []; } = [];

    /// <summary>Hours after an impression or a click within which a goal event counts for it: 1–720. Default 36.</summary>
    [JsonPropertyName("attribution_window_hours")]
    public int AttributionWindowHours { get; init => field = value == 0 ? DefaultWindow : value; } = DefaultWindow;
}

/// <summary>A group of users and what is shown to them.</summary>
public sealed record AudienceDocument
{
    /// <summary>Given by the server, and kept.</summary>
    [JsonPropertyName("id")]
    public string? Id { get; init; }

    /// <summary>What people call it: 1–256 characters, another one for each audience.</summary>
    [JsonPropertyName("name")]
    public string Name { get; init; } = "";

    /// <summary>The condition that a user meets. Absent: everybody.</summary>
    [JsonPropertyName("match")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Match { get; init; }

    /// <summary>The condition that keeps a user out although <see cref="Match"/> lets him in. Absent: nobody.</summary>
    [JsonPropertyName("exclude")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Exclude { get; init; }

    /// <summary>What is shown, by shares: up to 5.</summary>
    [JsonPropertyName("variations")]
    public IReadOnlyList<VariationDocument> Variations { get; init => field = value ?? []; } = [];
}

/// <summary>One way of showing it.</summary>
public sealed record VariationDocument
{
    /// <summary>Given by the server, and kept; the first of an audience is <c>0</c>.</summary>
    [JsonPropertyName("id")]
    public string? Id { get; init; }

    /// <summary>Given by the server: <c>0</c>, for there is one locale.</summary>
    [JsonPropertyName("locale_id")]
    public string? LocaleId { get; init; }

    /// <summary>What people call it: 1–256 characters.</summary>
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    /// <summary>Per cent of the audience's users, in steps of 0.01; all of an audience make 100. Absent from all: the same for each.</summary>
    [JsonPropertyName("share")]
    public decimal? Share { get; init; }

    /// <summary>What is delivered, by the name of the variable.</summary>
    [JsonPropertyName("payload")]
    public IReadOnlyDictionary<string, PayloadVariable> Payload { get; init => field = value ?? Nothing; } = Nothing;

    private static Dictionary<string, PayloadVariable> Nothing => [];
}

/// <summary>A variable of a payload.</summary>
public sealed record PayloadVariable
{
    /// <summary>What its value is.</summary>
    [JsonPropertyName("data_type"), OneOf("string", "number", "boolean", "float", "json")]
    public string DataType { get; init; } = "string";

    /// <summary>Its value, or a Liquid template of it.</summary>
    [JsonPropertyName("value")]
    public JsonElement Value { get; init; }

    /// <summary>What is delivered when the template cannot be filled in. Default: the experience is not delivered.</summary>
    [JsonPropertyName("fallback")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Fallback { get; init; }
}

/// <summary>Users who are kept out, so that there is somebody to compare with.</summary>
/// <param name="Percent">Per cent of all users, in steps of 0.01: 0–100.</param>
public sealed record ControlGroup([property: JsonPropertyName("percent"), JsonRequired] decimal Percent);

/// <summary>What an experience is to bring about.</summary>
public sealed record GoalDocument
{
    /// <summary>What people call it: 1–256 characters, another one for each goal.</summary>
    [JsonPropertyName("name")]
    public string Name { get; init; } = "";

    /// <summary>The event that reaches it: 1–200 characters.</summary>
    [JsonPropertyName("event")]
    public string Event { get; init; } = "";

    /// <summary>A condition on the event's attributes. Absent: any such event.</summary>
    [JsonPropertyName("where")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? Where { get; init; }

    /// <summary>The attribute of the event that holds an amount of money. Absent: it brings none.</summary>
    [JsonPropertyName("revenue_attribute")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RevenueAttribute { get; init; }

    /// <summary>The ISO 4217 code of the amount's currency.</summary>
    [JsonPropertyName("currency")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Currency { get; init; }
}
