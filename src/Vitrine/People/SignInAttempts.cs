using System.Net;
using System.Net.Sockets;

namespace Vitrine.People;

/// <summary>Limits how often somebody may fail to sign in.</summary>
/// <remarks>
/// Any thread may call any member. After <see cref="Free"/> failures of a name, or of an address, within
/// <see cref="Stretch"/> nothing more is tried for it until the stretch is over. Each counts by itself, so that neither one
/// name from many addresses nor many names from one address can be tried without end. Kept in memory: a start forgives. A
/// name that is longer than one can be is not to be asked about.
/// </remarks>
public sealed class SignInAttempts(TimeProvider time)
{
    /// <summary>Failures that are free.</summary>
    public const int Free = 10;

    private const int Remembered = 100_000;

    /// <summary>Failures after which what is over is forgotten.</summary>
    private const int ForgetEvery = 1_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (int Failures, DateTimeOffset Since)> _failures = new(StringComparer.Ordinal);
    private int _sinceForgotten;

    /// <summary>How long a failure is remembered.</summary>
    public static TimeSpan Stretch { get; } = TimeSpan.FromMinutes(10);

    /// <summary>How long to wait before trying; zero: try.</summary>
    public TimeSpan Wait(string name, string? address)
    {
        lock (_gate)
        {
            return Keys(name, address).Max(Wait);
        }
    }

    /// <summary>Notes that it was the wrong password, or no such person.</summary>
    public void Failed(string name, string? address)
    {
        lock (_gate)
        {
            if (++_sinceForgotten >= ForgetEvery)
            {
                Forget();
            }

            foreach (var key in Keys(name, address))
            {
                var (failures, since) = _failures.GetValueOrDefault(key);
                _failures[key] = failures == 0 || IsOver(since) ? (1, time.GetUtcNow()) : (failures + 1, since);
            }
        }
    }

    /// <summary>Notes that somebody signed in.</summary>
    public void Succeeded(string name)
    {
        lock (_gate)
        {
            _failures.Remove(NameKey(name));
        }
    }

    private static string[] Keys(string name, string? address) => [NameKey(name), "address " + Network(address)];

    /// <summary>Who has one address of IPv6 has the 2⁶⁴ of its network.</summary>
    private static string Network(string? address) =>
        !IPAddress.TryParse(address, out var one) ? "unknown"
        : one.IsIPv4MappedToIPv6 ? one.MapToIPv4().ToString()
        : one.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(one.GetAddressBytes().AsSpan(0, 8))
        : one.ToString();

    private static string NameKey(string name) => "name " + PersonRules.Normalise(name);

    private TimeSpan Wait(string key) => _failures.TryGetValue(key, out var one) && one.Failures >= Free && !IsOver(one.Since)
        ? Stretch - (time.GetUtcNow() - one.Since)
        : TimeSpan.Zero;

    private bool IsOver(DateTimeOffset since) => time.GetUtcNow() - since >= Stretch;

    private void Forget()
    {
        _sinceForgotten = 0;
        foreach (var key in _failures.Where(one => IsOver(one.Value.Since)).Select(static one => one.Key).ToList())
        {
            _failures.Remove(key);
        }

        if (_failures.Count >= Remembered)
        {
            _failures.Clear(); // Somebody tries very many names: the limit by address begins anew, and holds again after few.
        }
    }
}
