using Microsoft.Extensions.Primitives;

namespace Vitrine.Events;

/// <summary>What a client asks of an answer by the header <c>Prefer</c> (RFC 7240). Unknown preferences are ignored.</summary>
/// <param name="Lenient"><c>handling=lenient</c>: store the good events of a request although others are bad.</param>
/// <param name="Representation"><c>return=representation</c>: wait for the projection and say what became of each event.</param>
public readonly record struct EventsPreferences(bool Lenient, bool Representation)
{
    /// <summary>Reads the header.</summary>
    public static EventsPreferences Of(StringValues header)
    {
        var preferences = default(EventsPreferences);
        foreach (var line in header)
        {
            foreach (var part in line.AsSpan().Split(','))
            {
                var preference = line.AsSpan()[part];
                preference = preference[..(preference.IndexOf(';') is >= 0 and var end ? end : preference.Length)].Trim();
                if (Is(preference, "handling", "lenient"))
                {
                    preferences = preferences with { Lenient = true };
                }
                else if (Is(preference, "return", "representation"))
                {
                    preferences = preferences with { Representation = true };
                }
            }
        }

        return preferences;
    }

    private static bool Is(ReadOnlySpan<char> preference, string name, string value)
    {
        var equals = preference.IndexOf('=');
        return equals > 0
            && preference[..equals].Trim().Equals(name, StringComparison.OrdinalIgnoreCase)
            && preference[(equals + 1)..].Trim().Trim('"').Equals(value, StringComparison.OrdinalIgnoreCase);
    }
}
