namespace Vitrine.Experiences.Conditions;

/// <summary>
/// A version by Semantic Versioning 2.0, read leniently: a leading v, missing minor and patch numbers (then 0) and
/// leading zeros are forgiven. Numbers may be of any size. Allocates nothing.
/// </summary>
internal readonly ref struct SemanticVersion
{
    private readonly ReadOnlySpan<byte> _major;
    private readonly ReadOnlySpan<byte> _minor;
    private readonly ReadOnlySpan<byte> _patch;
    private readonly ReadOnlySpan<byte> _preRelease;

    private SemanticVersion(ReadOnlySpan<byte> major, ReadOnlySpan<byte> minor, ReadOnlySpan<byte> patch, ReadOnlySpan<byte> preRelease)
    {
        _major = major;
        _minor = minor;
        _patch = patch;
        _preRelease = preRelease;
    }

    /// <summary>Reads a version; false when the text is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out SemanticVersion version)
    {
        version = default;
        var rest = text.Length > 0 && text[0] is (byte)'v' or (byte)'V' ? text[1..] : text;
        ReadOnlySpan<byte> minor = default, patch = default, preRelease = default;
        if (!TryNumber(ref rest, out var major)
            || (Take(ref rest, '.') && (!TryNumber(ref rest, out minor) || (Take(ref rest, '.') && !TryNumber(ref rest, out patch))))
            || (Take(ref rest, '-') && !TryIdentifiers(ref rest, out preRelease))
            || (Take(ref rest, '+') && !TryIdentifiers(ref rest, out _))
            || !rest.IsEmpty)
        {
            return false;
        }

        version = new SemanticVersion(major, minor, patch, preRelease);
        return true;
    }

    /// <summary>Negative when this version comes before the other, 0 when neither does.</summary>
    public int CompareTo(scoped in SemanticVersion other)
    {
        var order = CompareNumbers(_major, other._major);
        order = order != 0 ? order : CompareNumbers(_minor, other._minor);
        order = order != 0 ? order : CompareNumbers(_patch, other._patch);
        return order != 0 ? order : ComparePreReleases(_preRelease, other._preRelease);
    }

    /// <summary>A pre-release comes before its release; else the first identifiers that differ decide, or how many there are.</summary>
    private static int ComparePreReleases(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        if (one.IsEmpty || other.IsEmpty)
        {
            return one.IsEmpty.CompareTo(other.IsEmpty);
        }

        while (!one.IsEmpty && !other.IsEmpty)
        {
            var order = CompareIdentifiers(Next(ref one), Next(ref other));
            if (order != 0)
            {
                return order;
            }
        }

        return other.IsEmpty.CompareTo(one.IsEmpty);
    }

    /// <summary>Numbers compare as numbers and come before texts, which compare by their ASCII.</summary>
    private static int CompareIdentifiers(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        var isNumber = IsNumber(one);
        return isNumber != IsNumber(other) ? (isNumber ? -1 : 1)
            : isNumber ? CompareNumbers(one, other)
            : one.SequenceCompareTo(other);
    }

    private static int CompareNumbers(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        one = one.TrimStart((byte)'0');
        other = other.TrimStart((byte)'0');
        return one.Length != other.Length ? one.Length - other.Length : one.SequenceCompareTo(other);
    }

    private static ReadOnlySpan<byte> Next(scoped ref ReadOnlySpan<byte> identifiers)
    {
        var end = identifiers.IndexOf((byte)'.');
        var next = end < 0 ? identifiers : identifiers[..end];
        identifiers = end < 0 ? default : identifiers[(end + 1)..];
        return next;
    }

    private static bool IsNumber(ReadOnlySpan<byte> text) => text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;

    private static bool TryNumber(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> number)
    {
        var length = rest.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        number = length < 0 ? rest : rest[..length];
        rest = rest[number.Length..];
        return !number.IsEmpty;
    }

    /// <summary>Takes identifiers of letters, digits and hyphens with dots between them.</summary>
    private static bool TryIdentifiers(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> identifiers)
    {
        var length = 0;
        while (length < rest.Length && (char.IsAsciiLetterOrDigit((char)rest[length]) || rest[length] is (byte)'-' or (byte)'.'))
        {
            length++;
        }

        identifiers = rest[..length];
        rest = rest[length..];
        return !identifiers.IsEmpty && identifiers[0] != '.' && identifiers[^1] != '.' && identifiers.IndexOf(".."u8) < 0;
    }

    private static bool Take(scoped ref ReadOnlySpan<byte> rest, char expected)
    {
        if (rest.IsEmpty || rest[0] != expected)
        {
            return false;
        }

        rest = rest[1..];
        return true;
    }
}
