namespace Vitrine.Experiences.Conditions;

/// <summary>Takes an ISO 8601 text apart from left to right. All results are milliseconds.</summary>
internal ref struct DateParts(ReadOnlySpan<byte> text)
{
    private const long Second = 1000;
    private const long Minute = 60 * Second;
    private const long Hour = 60 * Minute;

    private ReadOnlySpan<byte> _rest = text;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>Takes <c>2026-11-24</c>, as the milliseconds from 1970 to its midnight, both in the same place.</summary>
    public bool TryDate(out long milliseconds)
    {
        milliseconds = 0;
        if (!Digits(4, out var year) || !Take('-') || !Digits(2, out var month) || !Take('-') || !Digits(2, out var day)
            || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        milliseconds = (new DateTime(year, month, day).Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;
        return true;
    }

    /// <summary>Takes <c>T18:30</c>, <c>T18:30:05</c> or <c>T18:30:05.123</c>; a blank will do for the T.</summary>
    public bool TryTime(out long milliseconds)
    {
        milliseconds = 0;
        var second = 0;
        var fraction = 0;
        if (!(Take('T') || Take('t') || Take(' ')) || !Digits(2, out var hour) || !Take(':') || !Digits(2, out var minute)
            || (Take(':') && (!Digits(2, out second) || (Take('.') && !Fraction(out fraction))))
            || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        milliseconds = (hour * Hour) + (minute * Minute) + (second * Second) + fraction;
        return true;
    }

    /// <summary>Takes <c>Z</c>, <c>+05</c>, <c>+0530</c> or <c>+05:30</c> and must then be at the end; null when it already is.</summary>
    public bool TryOffset(out long? milliseconds)
    {
        milliseconds = null;
        if (IsAtEnd)
        {
            return true;
        }

        if (Take('Z') || Take('z'))
        {
            milliseconds = 0;
            return IsAtEnd;
        }

        var isWest = Take('-');
        if ((!isWest && !Take('+')) || !Digits(2, out var hour))
        {
            return false;
        }

        var minute = 0;
        if (!IsAtEnd)
        {
            _ = Take(':');
            if (!Digits(2, out minute) || !IsAtEnd)
            {
                return false;
            }
        }

        milliseconds = ((hour * Hour) + (minute * Minute)) * (isWest ? -1 : 1);
        return minute <= 59 && Math.Abs(milliseconds.Value) <= 18 * Hour;
    }

    /// <summary>Takes 1–9 digits as a fraction of a second.</summary>
    private bool Fraction(out int milliseconds)
    {
        milliseconds = 0;
        var length = 0;
        for (; length < _rest.Length && _rest[length] is >= (byte)'0' and <= (byte)'9'; length++)
        {
            milliseconds = length < 3 ? (milliseconds * 10) + _rest[length] - '0' : milliseconds;
        }

        for (var missing = length; missing < 3; missing++)
        {
            milliseconds *= 10;
        }

        _rest = _rest[length..];
        return length is >= 1 and <= 9;
    }

    private bool Digits(int count, out int number)
    {
        number = 0;
        if (_rest.Length < count)
        {
            return false;
        }

        foreach (var digit in _rest[..count])
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            number = (number * 10) + digit - '0';
        }

        _rest = _rest[count..];
        return true;
    }

    private bool Take(char expected)
    {
        if (_rest.IsEmpty || _rest[0] != expected)
        {
            return false;
        }

        _rest = _rest[1..];
        return true;
    }
}
