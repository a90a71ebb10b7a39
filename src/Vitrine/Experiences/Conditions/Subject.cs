using System.Text.Json;

namespace Vitrine.Experiences.Conditions;

/// <summary>What a leaf is about.</summary>
/// <param name="Description">What it is called in an error.</param>
/// <param name="Source">Where its value is.</param>
/// <param name="Allowed">What may be asked of it.</param>
internal sealed record Subject(string Description, LeafSource Source, Operators Allowed)
{
    /// <summary>What its value can be, in words that go behind "must be"; empty when it can be anything.</summary>
    public string Possible { get; init; } = "";

    /// <summary>Whether its value can be this one; asked where a value is compared as a whole.</summary>
    public Func<JsonElement, StringComparison, bool> IsPossible { get; init; } = static (_, _) => true;

    /// <summary>Whether its value is a count, of which there always is one: none is 0.</summary>
    public bool IsCount { get; init; }
}
