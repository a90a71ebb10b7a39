using System.Globalization;
using System.Text.Json;

namespace Vitrine.EndToEnd.Support;

/// <summary>Goal events as a client sends them. Everything about an event follows from its uuid and from the first one of its request.</summary>
internal static class GoalBodies
{
    private const long Time = 1_725_258_900;

    /// <summary>A body with so many events of one customer, up to 100.</summary>
    public static string Of(params IReadOnlyList<Guid> uuids) =>
        $$"""{"type":"event","customer_id":"{{Bodies.Customer(uuids[0])}}","actions":[{{string.Join(',', uuids.Select(uuid => Action(uuid, uuids[0])))}}]}""";

    /// <summary>An event has all that it was sent with.</summary>
    public static void ShouldFollowFrom(Guid uuid, JsonElement exported, string told)
    {
        var attributes = exported.GetProperty("attributes");
        exported.GetProperty("customer_id").GetString().ShouldBe(Bodies.Customer(attributes.GetProperty("first").GetGuid()), told);
        exported.GetProperty("action").GetString().ShouldBe(Name(uuid), told);
        attributes.GetProperty("amount").GetInt32().ShouldBe(Amount(uuid), told);
    }

    private static string Action(Guid uuid, Guid first) =>
        string.Create(CultureInfo.InvariantCulture, $$$"""{"action":"{{{Name(uuid)}}}","moe_event_uuid":"{{{uuid}}}","current_time":{{{Time}}},"platform":"ios","attributes":{"first":"{{{first}}}","amount":{{{Amount(uuid)}}} }}""");

    private static string Name(Guid uuid) => $"order {uuid.ToByteArray()[1] % 5}";

    private static int Amount(Guid uuid) => uuid.ToByteArray()[2];
}
