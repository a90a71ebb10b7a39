using System.Globalization;
using System.Text;
using Vitrine.Forwarding;

namespace Vitrine.Tests.Forwarding;

/// <summary>Things to forward.</summary>
internal static class Items
{
    public static ForwardedItem Event(string customer, long position, int element = 0, int action = 0, int bytes = 0) => new(
        ItemKind.Impression, position, element, action, customer, ((UInt128)(ulong)position << 32) + ((UInt128)(uint)element << 16) + (uint)action, Support.Clock.Start.ToUnixTimeMilliseconds(),
        "MOE_PERSONALIZATION_MESSAGE_SHOWN", Encoding.UTF8.GetBytes($$"""{"action":"MOE_PERSONALIZATION_MESSAGE_SHOWN","padding":"{{new string('x', bytes)}}"}"""));

    public static ForwardedItem Goal(string customer, long position, int action = 0) => Event(customer, position, -1, action) with { Kind = ItemKind.Goal, Name = "Order Placed" };

    public static ForwardedItem Profile(string customer, long position) => Event(customer, position, -1, -1) with { Kind = ItemKind.Profile, Name = "", Content = "{}"u8.ToArray() };

    /// <summary>Some hundred events of ten customers, three to a record.</summary>
    public static IReadOnlyList<ForwardedItem> Many(int count = 300) =>
        [.. Enumerable.Range(0, count).Select(static number => Event(string.Create(CultureInfo.InvariantCulture, $"customer-{number * 7 % 10}"), (number / 3) + 1, number % 3))];

    public static string Place(ForwardedItem item) => string.Create(CultureInfo.InvariantCulture, $"{item.Position}/{item.Element}/{item.Action}");
}
