namespace Vitrine.Experiments;

/// <summary>A variation or an audience that the experience was never reported with.</summary>
public sealed class UnknownValueException(string parameter, string value, IReadOnlyList<string> known) : Exception(known.Count == 0
    ? $"{parameter}: the experience was reported with no '{value}', nor with any other."
    : $"{parameter}: the experience was never reported with '{value}'; there are {string.Join(", ", known.Take(Named))}{(known.Count > Named ? $" and {known.Count - Named:N0} more" : "")}.")
{
    private const int Named = 20;
}
