using System.Runtime.InteropServices;
using Vitrine.Journal.Records;

namespace Vitrine.Conversions;

/// <summary>An impression or a click of an experience.</summary>
/// <param name="Time">Unix seconds.</param>
/// <param name="Customer">The customer's number.</param>
/// <param name="Context">The place of its context in <see cref="ExperienceContexts"/>.</param>
/// <param name="ClickTarget">The number of the click target; 0 without one, and where nobody asks for it.</param>
/// <param name="Action">Impression or click.</param>
/// <param name="Platform">Where.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Touch(long Time, int Customer, int Context, int ClickTarget, EventAction Action, Platform Platform)
{
    /// <summary>None: before every other.</summary>
    public static Touch None { get; } = new(long.MinValue, 0, -1, 0, default, default);
}

/// <summary>Something that looks at the touches of an experience, which come in any order.</summary>
internal interface ITouchReader
{
    /// <summary>Looks at some more.</summary>
    void Add(ReadOnlySpan<Touch> touches);
}
