using Vitrine.Experiences.Devices;

namespace Vitrine.Experiences.Conditions;

/// <summary>What the user agent of a decision says, worked out when it is first asked for.</summary>
internal sealed class DeviceValues
{
    public const int Type = 0;
    public const int OperatingSystem = 1;
    public const int Browser = 2;

    private readonly byte[] _userAgent = new byte[Device.MaximumUserAgent];
    private readonly AttributeValues _values = new();
    private int _length;
    private bool _isKnown;

    public void Set(ReadOnlySpan<byte> userAgent)
    {
        _length = Math.Min(userAgent.Length, _userAgent.Length);
        userAgent[.._length].CopyTo(_userAgent);
        _isKnown = false;
    }

    /// <summary>The values; a verdict other than <see cref="Verdict.Holds"/> says why there are none.</summary>
    public Verdict Find(out AttributeValues values)
    {
        values = _values;
        if (!_isKnown)
        {
            var device = Device.Of(_userAgent.AsSpan(0, _length));
            _values.Clear();
            _values.SetKnown(Type, device.TypeName);
            _values.SetKnown(OperatingSystem, device.OperatingSystem);
            _values.SetKnown(Browser, device.Browser);
            _isKnown = true;
        }

        return _length == 0 ? Verdict.NoUserAgent : Verdict.Holds;
    }
}
