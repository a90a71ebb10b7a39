using Vitrine.Experiences.Conditions;

namespace Vitrine.Conversions;

/// <summary>Tells which goals an event reaches, and what it brings. Used by one thread; keeps its memory.</summary>
internal sealed class GoalEventReading(ExperienceGoals goals)
{
    private readonly Circumstances _circumstances = new();
    private readonly List<string?> _currencies = [];

    /// <summary>The currencies that occurred.</summary>
    public IReadOnlyList<string?> Currencies => _currencies;

    /// <summary>Adds the event once for each goal that it reaches.</summary>
    /// <param name="asked">The goals whose event it is.</param>
    /// <param name="customer">The customer's number.</param>
    /// <param name="time">Unix seconds; also the present of conditions that speak of one, so that their answer never changes.</param>
    /// <param name="attributes">A JSON object, or nothing.</param>
    /// <param name="found">Gets the events.</param>
    public void Read(List<int> asked, int customer, long time, ReadOnlySpan<byte> attributes, List<GoalEvent> found)
    {
        var values = _circumstances.Event;
        values.Clear();
        _circumstances.Now = time * 1000;
        if (!attributes.IsEmpty && goals.Names.Count > 0)
        {
            values.Read(attributes, goals.Names);
        }

        foreach (var index in asked)
        {
            var goal = goals.Goals[index];
            if (goal.Where?.Holds(_circumstances) == false)
            {
                continue;
            }

            found.Add(Read(goal, index, customer, time, values));
        }
    }

    private GoalEvent Read(Goal goal, int index, int customer, long time, AttributeValues values) =>
        !goal.HasAmounts ? new GoalEvent(time, customer, index, -1, HasAmount: false, 0)
        : Amount.Read(values, goal.AmountSlot) is { } amount && Amount.TryCurrency(values, goals.CurrencySlot, goal.Currency, out var currency)
            ? new GoalEvent(time, customer, index, PlaceOf(currency), HasAmount: true, amount)
        : new GoalEvent(time, customer, index, PlaceOf(goal.Currency), HasAmount: false, 0);

    private int PlaceOf(string? currency)
    {
        var place = _currencies.IndexOf(currency);
        if (place < 0)
        {
            place = _currencies.Count;
            _currencies.Add(currency);
        }

        return place;
    }
}
