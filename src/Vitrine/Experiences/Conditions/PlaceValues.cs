using Vitrine.Experiences.Geography;

namespace Vitrine.Experiences.Conditions;

/// <summary>Where the address of a decision is, worked out when it is first asked for.</summary>
internal sealed class PlaceValues
{
    public const int Country = 0;
    public const int Region = 1;
    public const int City = 2;
    private const int MaximumAddress = 64;

    private readonly byte[] _address = new byte[MaximumAddress];
    private readonly AttributeValues _values = new();
    private int _length;
    private bool _isKnown;
    private Verdict _verdict;

    public void Set(ReadOnlySpan<byte> address)
    {
        _length = address.Length <= MaximumAddress ? address.Length : 0;
        address[.._length].CopyTo(_address);
        _isKnown = false;
    }

    /// <summary>The values; a verdict other than <see cref="Verdict.Holds"/> says why there are none.</summary>
    public Verdict Find(Places? places, out AttributeValues values)
    {
        values = _values;
        if (!_isKnown)
        {
            _values.Clear();
            _verdict = places is null ? Verdict.NoGeography : LookUp(places);
            _isKnown = true;
        }

        return _verdict;
    }

    private Verdict LookUp(Places places)
    {
        if (places.Find(_address.AsSpan(0, _length)) is not { } place)
        {
            return Verdict.NoAddress;
        }

        _values.SetKnown(Country, place.Country);
        _values.SetKnown(City, place.City);
        if (place.RegionCode.IsEmpty || place.RegionName.IsEmpty)
        {
            _values.SetKnown(Region, place.RegionCode.IsEmpty ? place.RegionName : place.RegionCode);
        }
        else
        {
            _values.Set(Region, place.RegionCode, place.RegionName);
        }

        return Verdict.Holds;
    }
}
