using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Vitrine.Conversions;
using Vitrine.Journal.Records;

namespace Vitrine.Experiments;

/// <summary>What a customer saw and clicked of an experience.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct ExposedCustomer
{
    /// <summary>A bit for each variation that was shown or clicked: who clicked one must have seen it, also where that was not reported.</summary>
    public ulong Variations;

    private uint _firstTime;

    /// <summary>The customer's number.</summary>
    public int Customer;

    /// <summary>The place of the context that was first shown in <see cref="ExperienceContexts"/>.</summary>
    public int FirstContext;

    /// <summary>How often it was shown; 0 when only a click is known.</summary>
    public int Impressions;

    /// <summary>How often it was clicked.</summary>
    public int Clicks;

    /// <summary>Where it was first shown.</summary>
    public Platform FirstPlatform;

    /// <summary>When it was first shown, in Unix seconds, which are 32 bits until 2106: two customers are a line of the processor's cache.</summary>
    public long FirstTime
    {
        readonly get => _firstTime;
        set => _firstTime = checked((uint)value);
    }

    /// <summary>Whether more than one variation was seen.</summary>
    public readonly bool SawSeveral => BitOperations.PopCount(Variations) > 1;
}

/// <summary>Gathers the customers of an experiment from its touches, which may come in any order.</summary>
/// <remarks>Of two first impressions in the same second the one of the lower context and platform counts: what decides never depends on the order in which events came.</remarks>
internal sealed class ExposedCustomers : ITouchReader
{
    /// <summary>How many variations can be told apart.</summary>
    public const int MaximumVariations = 64;

    private const int Ahead = 16;

    private readonly ExperienceContexts _contexts;
    private readonly bool[] _counts;
    private readonly long _from;
    private readonly long _to;
    private int[] _slots = new int[1024]; // By customer; 0: none yet.
    private ExposedCustomer[] _customers = new ExposedCustomer[1024];
    private int _count = 1; // The first one is nobody.

    /// <summary>Starts with nobody.</summary>
    /// <param name="contexts">Of the experience.</param>
    /// <param name="audienceId">The only audience that counts; null: all.</param>
    /// <param name="from">The first second that counts.</param>
    /// <param name="to">The second after the last.</param>
    /// <param name="isOwn">Whether the experience has a variation: where clients reported too many, only its own are compared.</param>
    /// <exception cref="TooManyVariationsException">There are more than <see cref="MaximumVariations"/>.</exception>
    public ExposedCustomers(ExperienceContexts contexts, string? audienceId, long from, long to, Predicate<string> isOwn)
    {
        (_contexts, _from, _to) = (contexts, from, to);
        var reported = contexts.All.Where(context => audienceId is null || context.AudienceId == audienceId).Select(static context => context.VariationId).Distinct().ToList();
        Variations = [.. (reported.Count <= MaximumVariations ? reported : reported.FindAll(isOwn))
            .OrderBy(static id => id.Length).ThenBy(static id => id, StringComparer.Ordinal)];
        if (Variations.Count is > MaximumVariations or 0 && reported.Count > MaximumVariations)
        {
            throw new TooManyVariationsException();
        }

        LeftOut = reported.Count - Variations.Count;
        _counts = [.. contexts.All.Select(context => (audienceId is null || context.AudienceId == audienceId) && Variations.Contains(context.VariationId))];
        VariationOf = [.. contexts.All.Select(context => Variations.IndexOf(context.VariationId))];
    }

    /// <summary>The variations, numbers by their size.</summary>
    public List<string> Variations { get; }

    /// <summary>How many variations were reported that the experience does not have, and that are left out because there are too many.</summary>
    public int LeftOut { get; }

    /// <summary>For each context the place of its variation.</summary>
    public int[] VariationOf { get; }

    /// <summary>The customers, in any order, with those of whom only clicks are known.</summary>
    public ReadOnlySpan<ExposedCustomer> All => _customers.AsSpan(1, _count - 1);

    /// <summary>The place of a customer in <see cref="All"/>; −1 when nothing is known of him.</summary>
    public int PlaceOf(int customer) => customer < _slots.Length ? _slots[customer] - 1 : -1;

    /// <summary>Whether touches of a context count.</summary>
    public bool Counts(int context) => _counts[context];

    /// <summary>A context by its place.</summary>
    public ExperienceContextRow Context(int place) => _contexts.All[place];

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<Touch> touches)
    {
        for (var index = 0; index < touches.Length; index++)
        {
            FetchAhead(touches, index);
            ref readonly var touch = ref touches[index];
            if (touch.Time >= _from && touch.Time < _to && _counts[touch.Context])
            {
                Add(in touch);
            }
        }
    }

    private void Add(in Touch touch)
    {
        ref var customer = ref SlotOf(touch.Customer);
        customer.Variations |= 1UL << VariationOf[touch.Context];
        if (touch.Action == EventAction.Click)
        {
            customer.Clicks++;
            return;
        }

        if (customer.Impressions == 0 || IsEarlier(in touch, in customer))
        {
            (customer.FirstTime, customer.FirstContext, customer.FirstPlatform) = (touch.Time, touch.Context, touch.Platform);
        }

        customer.Impressions++;
    }

    /// <summary>
    /// Customers come in no order, and waiting for the memory of one after the other is most of the work: the processor is
    /// told of those that come soon. It takes that for a hint, whatever the address.
    /// </summary>
    private unsafe void FetchAhead(ReadOnlySpan<Touch> touches, int index)
    {
        if (!Sse.IsSupported || index + (2 * Ahead) >= touches.Length)
        {
            return;
        }

        var later = touches[index + (2 * Ahead)].Customer;
        if (later < _slots.Length)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref _slots[later]));
        }

        var soon = touches[index + Ahead].Customer;
        if (soon < _slots.Length)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref _customers[_slots[soon]]));
        }
    }

    private static bool IsEarlier(in Touch touch, in ExposedCustomer than) =>
        touch.Time != than.FirstTime ? touch.Time < than.FirstTime
        : touch.Context != than.FirstContext ? touch.Context < than.FirstContext
        : touch.Platform < than.FirstPlatform;

    private ref ExposedCustomer SlotOf(int customer)
    {
        if (customer >= _slots.Length)
        {
            Array.Resize(ref _slots, Math.Max(customer + 1, _slots.Length * 2));
        }

        ref var slot = ref _slots[customer];
        if (slot == 0)
        {
            if (_count == _customers.Length)
            {
                Array.Resize(ref _customers, _count * 2);
            }

            slot = _count++;
            _customers[slot].Customer = customer;
        }

        return ref _customers[slot];
    }
}

/// <summary>An experience has more variations than can be compared.</summary>
public sealed class TooManyVariationsException() : Exception(
    $"The experience was reported with more than {ExposedCustomers.MaximumVariations} variations. Ask about one audience.");
