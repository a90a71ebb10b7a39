using NodaTime;
using Vitrine.Experiences;
using Vitrine.Experiences.Conditions;

namespace Vitrine.Conversions;

/// <summary>What an experience is to bring about, ready to be looked for among events.</summary>
/// <remarks>
/// The goals are those of the newest version, or of the draft where nothing was published yet: a goal that is added today
/// is looked for in yesterday's events too.
/// </remarks>
internal sealed class ExperienceGoals
{
    private const string CurrencyAttribute = "currency";

    private readonly ExperienceDocument _document;

    private ExperienceGoals(ExperienceDocument document)
    {
        _document = document;
        WindowHours = document.AttributionWindowHours;
        var scope = new ConditionScope
        {
            User = new(),
            Request = new(),
            Event = Names,
            Behaviours = new(),
            TimeZone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(document.TimeZone ?? "UTC") ?? DateTimeZone.Utc,
            Sources = ConditionSources.Event,
        };
        Goals = [.. document.Goals.Select(goal => Read(goal, scope))];
        CurrencySlot = Goals.Any(static goal => goal.AmountSlot >= 0) ? Names.SlotOf(CurrencyAttribute) : -1;
    }

    /// <summary>The goals, the primary one first.</summary>
    public IReadOnlyList<Goal> Goals { get; }

    /// <summary>Hours after an impression or a click within which a goal event counts for it.</summary>
    public int WindowHours { get; }

    /// <summary>The slots of the event attributes that the goals ask about.</summary>
    public AttributeNames Names { get; } = new();

    /// <summary>The slot of the attribute that names an amount's currency; −1 where no goal has amounts.</summary>
    public int CurrencySlot { get; }

    /// <summary>The goals of an experience; null where this server does not know it, or it has none.</summary>
    /// <param name="experiences">Those of the environment.</param>
    /// <param name="experienceId">The part of its cids before the first underscore.</param>
    public static ExperienceGoals? Find(EnvironmentExperiences experiences, string experienceId)
    {
        var stored = experiences.Find(experienceId);
        var document = stored?.Live?.Document ?? stored?.Experience.Draft;
        return document is { Goals.Count: > 0 } ? new ExperienceGoals(document) : null;
    }

    /// <summary>One of the goals alone, so that no more of the events is read than it asks about.</summary>
    /// <param name="goal">Its place.</param>
    /// <param name="withAmounts">Whether what events brought is asked for.</param>
    public ExperienceGoals Only(int goal, bool withAmounts) => new(_document with
    {
        Goals = [withAmounts ? _document.Goals[goal] : _document.Goals[goal] with { RevenueAttribute = null }],
    });

    /// <summary>A goal by its name; null when there is none.</summary>
    public int? IndexOf(string name)
    {
        for (var index = 0; index < Goals.Count; index++)
        {
            if (Goals[index].Name == name)
            {
                return index;
            }
        }

        return null;
    }

    private static Goal Read(GoalDocument goal, ConditionScope scope)
    {
        var errors = new List<ConditionError>();
        var where = goal.Where is { } element ? ConditionCompiler.Compile(element, scope, errors) : null;
        return errors.Count > 0
            ? throw new InvalidDataException($"The condition of the goal '{goal.Name}' cannot be read: {errors[0].Reason}")
            : new Goal(goal.Name, goal.Event, where, goal.RevenueAttribute is { } name ? scope.Event.SlotOf(name) : -1, goal.Currency);
    }
}

/// <summary>One goal.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Event">The event that reaches it.</param>
/// <param name="Where">What must hold of the event's attributes; null: any such event.</param>
/// <param name="AmountSlot">The slot of the attribute that holds an amount of money; −1: it brings none.</param>
/// <param name="Currency">Of amounts whose event does not name another.</param>
internal sealed record Goal(string Name, string Event, Condition? Where, int AmountSlot, string? Currency)
{
    /// <summary>Whether it brings money.</summary>
    public bool HasAmounts => AmountSlot >= 0;
}
