using System.Text.Json;

namespace Vitrine.Experiences.Conditions;

/// <summary>A leaf as it was written.</summary>
internal sealed record LeafText(string Source, string Name, string Op)
{
    public JsonElement? Value { get; init; }

    public bool IgnoreCase { get; init; }

    public string? Experience { get; init; }

    public int? Days { get; init; }
}
