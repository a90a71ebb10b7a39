using NodaTime;
using Vitrine.Experiences.Geography;

namespace Vitrine.Experiences.Conditions;

/// <summary>
/// Everything that a decision knows: who asks, with what, when, from where. Filled anew for each decision and reused
/// (<see cref="Clear"/>), so that in steady state nothing is allocated.
/// </summary>
/// <remarks>For one thread at a time. What is costly to work out, is worked out when the first condition asks.</remarks>
public sealed partial class Circumstances
{
    /// <summary>The values of the user's attributes, by the slots of the environment's <see cref="ConditionScope.User"/>.</summary>
    public AttributeValues User { get; } = new();

    /// <summary>
    /// Whether it is known who asks: there is an identifier, and a profile. When not, whatever asks about the user or
    /// behaviour cannot be evaluated. Default false.
    /// </summary>
    public bool KnowsUser { get; set; }

    /// <summary>What the user did; null when that cannot be told.</summary>
    public BehaviourCounts? Behaviours { get; set; }

    /// <summary>The values of the request's attributes, by the slots of <see cref="ConditionScope.Request"/>.</summary>
    public AttributeValues Request { get; } = new();

    /// <summary>The values of the event's attributes, by the slots of <see cref="ConditionScope.Event"/>.</summary>
    public AttributeValues Event { get; } = new();

    /// <summary>Now, in Unix milliseconds.</summary>
    public long Now { get; set; }

    /// <summary>The weekday in UTC that the request asks to be answered for; null: today.</summary>
    public IsoDayOfWeek? RequestDay { get; set; }

    /// <summary>The hour in UTC, 0–23, that the request asks to be answered for; null: the present one.</summary>
    public int? RequestHour { get; set; }

    /// <summary>Tells where an address is; null: nobody does.</summary>
    public Places? Places { get; set; }

    /// <summary>What the user agent says.</summary>
    internal DeviceValues Device { get; } = new();

    /// <summary>Where the address is.</summary>
    internal PlaceValues Place { get; } = new();

    /// <summary>The moment to which days and hours belong, in Unix milliseconds.</summary>
    internal long Moment => Calendar.Nearest(Now, RequestDay is { } day ? (int)day - 1 : null, RequestHour);

    /// <summary>Sets what the browser or app calls itself.</summary>
    /// <param name="utf8">The text, which is copied. What is behind its first 1,024 bytes does not count.</param>
    public void SetUserAgent(ReadOnlySpan<byte> utf8) => Device.Set(utf8);

    /// <summary>Sets the IP address of the user.</summary>
    /// <param name="utf8">The text of an IPv4 or IPv6 address, which is copied. One of more than 64 bytes is none.</param>
    public void SetAddress(ReadOnlySpan<byte> utf8) => Place.Set(utf8);

    /// <summary>Forgets everything and keeps the memory.</summary>
    public void Clear()
    {
        User.Clear();
        Request.Clear();
        Event.Clear();
        KnowsUser = false;
        Behaviours = null;
        Now = 0;
        RequestDay = null;
        RequestHour = null;
        Places = null;
        Device.Set(default);
        Place.Set(default);
        ClearCharacters();
    }
}
