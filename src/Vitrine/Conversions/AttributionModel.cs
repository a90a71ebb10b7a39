using Vitrine.Journal.Records;

namespace Vitrine.Conversions;

/// <summary>What a goal event counts for: the last impression or the last click before it, if that is not too long ago.</summary>
public enum AttributionModel
{
    /// <summary>An impression, within the experience's attribution window. The default.</summary>
    ViewThrough,

    /// <summary>A click, within the experience's attribution window.</summary>
    ClickThrough,

    /// <summary>A click, within <see cref="AttributionModels.SessionSeconds"/>.</summary>
    InSession,
}

/// <summary>The names of the models, and what they mean.</summary>
public static class AttributionModels
{
    /// <summary>Seconds behind a click that are its session: half an hour.</summary>
    public const long SessionSeconds = 30 * 60;

    /// <summary>The names in queries and answers, in the order of <see cref="AttributionModel"/>.</summary>
    public static IReadOnlyList<string> Names { get; } = ["view_through", "click_through", "in_session"];

    /// <summary>The name of a model.</summary>
    public static string Name(this AttributionModel model) => Names[(int)model];

    /// <summary>What goal events count for.</summary>
    public static EventAction Touch(this AttributionModel model) =>
        model == AttributionModel.ViewThrough ? EventAction.Impression : EventAction.Click;

    /// <summary>Seconds behind a touch within which, the last one included, a goal event counts for it.</summary>
    public static long WindowSeconds(this AttributionModel model, int experienceWindowHours) =>
        model == AttributionModel.InSession ? SessionSeconds : experienceWindowHours * 3600L;

    /// <summary>Reads a name; without one the default.</summary>
    /// <returns>The model, or what is wrong.</returns>
    public static (AttributionModel Model, string? Error) Parse(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            return (AttributionModel.ViewThrough, null);
        }

        for (var index = 0; index < Names.Count; index++)
        {
            if (Names[index] == name)
            {
                return ((AttributionModel)index, null);
            }
        }

        return (default, $"attribution: '{name}' is none of {string.Join(", ", Names)}.");
    }
}
