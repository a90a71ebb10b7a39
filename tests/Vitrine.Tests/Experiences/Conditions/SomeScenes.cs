using System.Text.Json;
using CsCheck;

namespace Vitrine.Tests.Experiences.Conditions;

/// <summary>Generates circumstances as <see cref="Scene"/> reads them; values are JSON.</summary>
internal static class SomeScenes
{
    public static readonly Gen<string> DateText = Gen.OneOf(
        "2026-11-24", "2026-11-23", "2026-11-25", "2026-11-24T10:00:00Z", "2026-11-24T10:00", "2026-11-24 15:30", "2026-11-24t15:30:00z",
        "2026-11-23T18:30:00Z", "2026-11-23T18:29:59.999Z", "2026-11-24T10:00:00.0009+05:30", "2026-11-01T01:30", "2026-03-08T02:30", "1999-12-31T23:59:59-1130").Select(Quote);

    public static readonly Gen<string> DateNumber = Gen.OneOf("1764000000", "1764000000000", "1763999999.5", "0", "-86400", "1795521600", "1795521600000");

    public static readonly Gen<string> FiniteNumber = Gen.OneOf("0", "-0.0", "5", "5.0", "10", "1e1", "0.1", "-3", "100", "9007199254740993", "1764000000");

    public static readonly Gen<string> Boolean = Gen.OneOf("true", "false");

    public static readonly Gen<string> Version = Gen.OneOf("1.2.3", "v1.2", "1.2.3-rc.1", "1.2.3-rc.2", "1.2.3+b", "2", "0.0.1").Select(Quote);

    public static readonly Gen<string> ShortText = Gen.OneOf(
        Gen.OneOf(
            "gold", "Gold", "GOLD", "go", "ld", "5", "5.0", "05", "1e1", "10", "-0", "0", "-", "5 ", "+5", "true", "false", "True", "", "é", "É", "ß", "ẞ", "ſ", "s", "S",
            "\u212A", "k", "K", "İ", "i", "1.2.3", "v1.2", "1.2.3-rc.1", "1.2.3+b", "1.2", "1.2.3.4", "😀", "\uFFFD", "ab cd", "a\"b\\").Select(Quote),
        DateText);

    private static readonly Gen<string> LongText = Gen.OneOf(1019, 1020, 1021, 1024, 3000).Select(static length => Quote(new string('x', length) + "gold"));

    private static readonly Gen<string> Scalar = Gen.Frequency(
        (8, ShortText), (4, FiniteNumber), (2, Boolean), (1, LongText), (1, DateNumber), (1, Gen.OneOf("1e999", "-1e999", "1e300", "99999999999")));

    private static readonly Gen<string> Value = Gen.Frequency(
        (8, Scalar),
        (3, ListOf(Gen.Frequency((8, Scalar), (1, Gen.OneOf("null", "[1]", "{}"))))),
        (1, Gen.OneOf("null", "{\"x\":1}")));

    private static readonly Gen<string> Attributes = Gen.Select(
        Maybe("any", Value),
        Maybe("text", Gen.OneOf(ShortText, ShortText, LongText, ListOf(ShortText))),
        Maybe("number", Gen.OneOf(FiniteNumber, FiniteNumber, ShortText, ListOf(FiniteNumber))),
        Maybe("date", Gen.OneOf(DateText, DateNumber)),
        Maybe("version", Version),
        static (any, text, number, date, version) => $"{{{any}{text}{number}{date}{version}\"other\":1}}");

    public static Gen<string> Any { get; } = Gen.Select(
        Gen.Select(Attributes, Attributes, Attributes, Gen.Int[0, 4]),
        Gen.OneOf("2026-11-24T12:00:00Z", "2026-11-24T18:29:59Z", "2026-11-24T18:30:00Z", "2026-11-01T05:59:59Z", "2026-11-01T06:00:00Z", "2027-03-14T07:00:00Z"),
        Gen.OneOf("", "", ",\"day\":\"Friday\"", ",\"day\":\"Tuesday\"", ",\"hour\":0", ",\"hour\":23", ",\"day\":\"Sunday\",\"hour\":6"),
        Gen.OneOf(Surroundings.Devices.Keys.Select(static agent => $",\"agent\":{Quote(agent)}").Append("").ToArray()),
        Gen.OneOf(Surroundings.Places.Keys.Select(static address => $",\"address\":\"{address}\"").Append("").ToArray()),
        Gen.OneOf("", ",\"counts\":{\"bought\":0,\"seen\":3}", ",\"counts\":{\"bought\":2,\"seen\":1}"),
        static (attributes, now, asked, agent, address, counts) =>
        {
            var (user, request, happened, known) = attributes;
            return $"{{\"now\":\"{now}\"{(known == 0 ? "" : $",\"user\":{user}")},\"request\":{request},\"event\":{happened}{asked}{agent}{address}{counts}}}";
        });

    private static Gen<string> Maybe(string name, Gen<string> value) => Gen.Select(value, Gen.Int[0, 5], (one, chance) => chance == 0 ? "" : $"\"{name}\":{one},");

    private static Gen<string> ListOf(Gen<string> value) => value.Array[0, 4].Select(static parts => $"[{string.Join(',', parts)}]");

    private static string Quote(string text) => JsonSerializer.Serialize(text);
}
