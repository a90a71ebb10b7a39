using System.Runtime.InteropServices;

namespace Vitrine.Projection.Behaviours;

/// <summary>How often each customer did something: ever, and on each of the latest days. Used by one thread at a time.</summary>
/// <param name="prunedBefore">Days up to this, counted from 1970, are not told apart any more.</param>
internal sealed class BehaviourHistory(int prunedBefore)
{
    /// <summary>Days behind the one of the last addition on which an event may lie: not more than 24 hours ahead.</summary>
    private const int DaysAhead = 2;

    private readonly Dictionary<TextKey, int> _ever = [];
    private readonly Dictionary<(TextKey Customer, int Day), int> _days = [];
    private int _prunedBefore = prunedBefore;

    /// <summary>Days that are told apart, of all customers.</summary>
    public int Days => _days.Count;

    /// <summary>How often a customer did it.</summary>
    /// <param name="customer">The customer.</param>
    /// <param name="today">The last day, counted from 1970.</param>
    /// <param name="days">That day and so many before, less one; null: ever.</param>
    public long Count(TextKey customer, int today, int? days)
    {
        if (days is not { } window)
        {
            return _ever.GetValueOrDefault(customer);
        }

        long count = 0;
        for (var day = today; day > today - window; day--)
        {
            count += _days.GetValueOrDefault((customer, day));
        }

        return count;
    }

    /// <summary>Adds that a customer did it so often on a day; a negative number takes away what was added.</summary>
    public void Add(TextKey customer, int day, int count)
    {
        Add(_ever, customer, count);
        if (day > _prunedBefore)
        {
            Add(_days, (customer, day), count);
        }
    }

    /// <summary>Forgets what a customer did.</summary>
    public void Forget(TextKey customer)
    {
        _ever.Remove(customer);
        for (var day = _prunedBefore + 1; day <= _prunedBefore + BehaviourWatch.LongestWindow + DaysAhead; day++)
        {
            _days.Remove((customer, day));
        }
    }

    private static void Add<TKey>(Dictionary<TKey, int> counts, TKey key, int count)
        where TKey : notnull
    {
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out _);
        sum += count;
        if (sum == 0)
        {
            counts.Remove(key);
        }
    }

    /// <summary>Drops days that no window reaches any more.</summary>
    public void Prune(int before)
    {
        if (before > _prunedBefore)
        {
            _prunedBefore = before;
            foreach (var key in _days.Keys.Where(key => key.Day <= before).ToList())
            {
                _days.Remove(key);
            }
        }
    }
}
