using System.Text;
using Vitrine.Tests.Support;
using static Vitrine.Tests.Events.MalformedBody;

namespace Vitrine.Tests.Events;

/// <summary>The corpus of bodies that no server should take, by name.</summary>
public static class MalformedBodies
{
    private static readonly string Good = Bodies.One().ToJsonString();
    private static readonly byte[] GoodBytes = Encoding.UTF8.GetBytes(Good);

    public static IReadOnlyDictionary<string, MalformedBody> All { get; } =
        Texts().Concat(Fields()).Concat(ByteSequences()).Concat(Compressed()).ToDictionary(static one => one.Name, static one => one.Body);

    private static IEnumerable<(string Name, MalformedBody Body)> Texts() =>
    [
        ("nothing", Of("", Empty)),
        ("spaces", Of("   ", Empty)),
        ("white space of all kinds", Of(" \t\r\n ", Empty)),
        ("a byte order mark alone", Of("\uFEFF", Empty)),
        ("a byte order mark and white space", Of("\uFEFF \n", Empty)),
        ("two byte order marks", Of("\uFEFF\uFEFF" + Good)),
        ("a byte order mark at the end", Of(Good + "\uFEFF")),
        ("a no-break space in front", Of("\u00A0" + Good)),
        ("a form feed in front", Of("\f" + Good)),
        ("null", Of("null", Invalid)),
        ("true", Of("true", Invalid)),
        ("a number", Of("5", Invalid)),
        ("a string", Of("\"elements\"", Invalid)),
        ("an array", Of("[]", Invalid)),
        ("an array of a good body", Of($"[{Good}]", Invalid)),
        ("an empty object", Of("{}", Invalid)),
        ("an unknown key", Of("{\"element\":[]}", Invalid)),
        ("an open brace", Of("{")),
        ("a closing brace", Of("}")),
        ("a brace too many", Of(Good + "}")),
        ("a brace too few", Of(Good[..^1])),
        ("half of a body", Of(Good[..(Good.Length / 2)])),
        ("two bodies", Of(Good + Good)),
        ("two bodies on two lines", Of(Good + "\n" + Good)),
        ("a letter behind", Of(Good + "x")),
        ("a NUL behind", Of(Good + "\0")),
        ("a NUL in front", Of("\0" + Good)),
        ("a raw NUL within a string", Of(Good.Replace("customer-1", "customer\0", StringComparison.Ordinal))),
        ("a raw line break within a string", Of(Good.Replace("customer-1", "customer\n", StringComparison.Ordinal))),
        ("a comment in front", Of("/* hello */" + Good)),
        ("a comment behind", Of(Good + "// bye")),
        ("a trailing comma in the body", Of(Good[..^1] + ",}")),
        ("a trailing comma in an array", Of("{\"elements\":[" + Good[13..^2] + ",]}")),
        ("a leading comma", Of("{," + Good[1..])),
        ("a missing colon", Of("{\"elements\"[]}")),
        ("a missing value", Of("{\"elements\":}")),
        ("single quotes", Of(Good.Replace('"', '\''))),
        ("a key without quotes", Of("{elements:[]}")),
        ("words", Of("elements")),
        ("a form", Of("elements=%5B%5D")),
        ("XML", Of("<elements/>")),
        ("NDJSON", Of("{\"elements\":[]}\n{\"elements\":[]}")),
        ("an unknown escape", Of(Good.Replace("customer-1", "\\x41bc", StringComparison.Ordinal))),
        ("a short unicode escape", Of(Good.Replace("customer-1", "ab\\u00", StringComparison.Ordinal))),
        ("deep arrays", Of(new string('[', 100_000))),
        ("deep arrays that end", Of(new string('[', 1000) + new string(']', 1000))),
        ("deep objects", Of(string.Concat(Enumerable.Repeat("{\"a\":", 10_000)))),
        ("deep arrays under an unknown key", Of($"{{\"x\":{new string('[', 70)}{new string(']', 70)},{Good[1..]}")),
        ("deep arrays in an attribute", Of(Good.Replace("\"2\"", new string('[', 70) + new string(']', 70), StringComparison.Ordinal))),
        ("a body that is too large", Of(Good.PadRight((1 << 20) + 1), TooLarge)),
        ("nothing but too much of it", Of(new string(' ', 2 << 20), TooLarge)),
    ];

    private static IEnumerable<(string Name, MalformedBody Body)> Fields()
    {
        foreach (var number in new[] { "NaN", "Infinity", "-Infinity", "+1", "01", "1.", ".5", "1e", "0x10", "--1", "undefined", "True", "nul" })
        {
            yield return ($"{number} as a time", Of(With("event_time", number)));
        }

        foreach (var number in new[] { "1795521600000", "100000000000", "1e308", "1e999999", "-1", "1262303999", new string('9', 10_000), "1795521600.5" })
        {
            yield return ($"{number[..Math.Min(20, number.Length)]} as a time", Of(With("event_time", number), Invalid));
        }

        foreach (var field in new[] { "action", "moe_event_uuid", "event_time", "attributes", "customer_id", "cid", "experience", "moe_locale_id", "moe_variation_id", "audience_name", "audience_id" })
        {
            foreach (var wrong in new[] { "true", "[]", "[1]", "{\"a\":1}", "\"\\ud800\"", "\"\\udc00\\ud800\"" })
            {
                yield return ($"{wrong} as {field}", Of(With(field, wrong), Invalid));
            }
        }

        foreach (var wrong in new[] { "true", "5", "\"x\"", "{}", "null", "[null]", "[[]]", "[\"x\"]" })
        {
            yield return ($"{wrong} as elements", Of($"{{\"elements\":{wrong}}}", Invalid));
            yield return ($"{wrong} as actions", Of($"{{\"elements\":[{{\"customer_id\":\"ab\",\"actions\":{wrong}}}]}}", Invalid));
        }

        foreach (var wrong in new[] { "[]", "5", "\"x\"", "{\"a\":{}}", "{\"a\":[[1]]}", "{\"\\ud800\":1}", "{\"a\":\"\\ud800\"}", "{\"a\":[\"\\udfff\"]}" })
        {
            yield return ($"{wrong} as user_attributes", Of(Good.Replace("{\"customer_id\"", $"{{\"user_attributes\":{wrong},\"customer_id\"", StringComparison.Ordinal), Invalid));
        }

        foreach (var wrong in new[] { "\"x\":\"\\ud800\"", "\"\\ud800\":1", "\"x\":{\"\\udbff\":1}", "\"x\":[\"\\ud800a\"]", "\"b_id\":\"\\ud800\"", "\"type\":\"\\ud800\"" })
        {
            yield return ($"{wrong} in attributes", Of(Good.Replace("{\"cid\"", $"{{{wrong},\"cid\"", StringComparison.Ordinal), Invalid));
        }
    }

    private static IEnumerable<(string Name, MalformedBody Body)> ByteSequences()
    {
        foreach (var (name, bytes) in new[]
        {
            ("a lone continuation byte", "\x80"),
            ("an overlong slash", "\xC0\xAF"),
            ("an overlong NUL", "\xC0\x80"),
            ("a surrogate in UTF-8", "\xED\xA0\x80"),
            ("a pair of surrogates in UTF-8", "\xED\xA0\xBD\xED\xB1\x8D"),
            ("beyond Unicode", "\xF4\x90\x80\x80"),
            ("a truncated character", "\xE2\x82"),
            ("Latin-1", "M\xFCller"),
            ("0xFF", "\xFF"),
        })
        {
            yield return ($"{name} in a string", Of(Raw(Good.Replace("customer-1", bytes, StringComparison.Ordinal))));
            yield return ($"{name} under an unknown key", Of(Raw($"{{\"x\":\"{bytes}\",{Good[1..]}")));
            yield return ($"{name} at the end", Of(Raw(Good + bytes)));
        }

        yield return ("UTF-16", Of(Encoding.Unicode.GetBytes(Good)));
        yield return ("UTF-16 with its mark", Of([0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Good)]));
        yield return ("UTF-32", Of(Encoding.UTF32.GetBytes(Good)));
        var damaged = Compression.Of("gzip", GoodBytes);
        damaged[^5] ^= 1;
        yield return ("gzip whose checksum does not fit", Of(damaged, Malformed, "gzip"));
        yield return ("gzip that does not say so", Of(Compression.Of("gzip", GoodBytes)));
        yield return ("zeros", Of(new byte[1000]));
    }

    private static IEnumerable<(string Name, MalformedBody Body)> Compressed()
    {
        foreach (var encoding in new[] { "gzip", "br", "zstd" })
        {
            var good = Compression.Of(encoding, GoodBytes);
            yield return ($"{encoding} that is none", Of(GoodBytes, Malformed, encoding));
            yield return ($"{encoding} cut in half", Of(good[..(good.Length / 2)], Malformed, encoding));
            yield return ($"{encoding} cut by a third", Of(good[..(good.Length * 2 / 3)], Malformed, encoding));
            yield return ($"{encoding} with a broken middle", Of([.. good[..(good.Length / 2)], .. new byte[20], .. good[(good.Length / 2)..]], Malformed, encoding));
            yield return ($"{encoding} cut after two bytes", Of(good[..2], Malformed, encoding));
            yield return ($"{encoding} that lacks its last byte", Of(good[..^1], Malformed, encoding));
            yield return ($"{encoding} that lacks its last eight bytes", Of(good[..^8], Malformed, encoding));
            yield return ($"{encoding} with something behind it", Of([.. good, .. "xx"u8], Malformed, encoding));
            yield return ($"{encoding} of nothing", Of(Compression.Of(encoding, []), Empty, encoding));
            yield return ($"{encoding} of no JSON", Of(Compression.Of(encoding, "{"u8.ToArray()), Malformed, encoding));
            yield return ($"{encoding} of {encoding}", Of(Compression.Of(encoding, good), Malformed, encoding));
            yield return ($"a bomb of {encoding}", Of(Compression.Of(encoding, new byte[64 << 20]), TooLarge, encoding));
            yield return ($"empty as {encoding}", Of([], Empty, encoding));
        }
    }

    private static string With(string field, string value) =>
        System.Text.RegularExpressions.Regex.Replace(
            Good, $"\"{field}\":(\"[^\"]*\"|[0-9]+|{{[^}}]*}})", $"\"{field}\":{value.Replace("$", "$$", StringComparison.Ordinal)}");
}
