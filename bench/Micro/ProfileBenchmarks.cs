using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using Vitrine.Journal;
using Vitrine.Projection.Profiles;

namespace Vitrine.Micro;

/// <summary>Looking profiles up, in random order among half a million, in memory and in the file beyond it; and changing them.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "Cleaned up by the benchmark's runner.")]
public class ProfileBenchmarks
{
    private const int Customers = 500_000;

    private readonly ByteWriter _target = new();
    private readonly byte[][] _ids = [.. Enumerable.Range(0, Customers).Select(static customer => Encoding.UTF8.GetBytes($"customer-{customer}"))];
    private ProfileStore _store = null!;
    private string _folder = null!;
    private int _next;

    [Params(long.MaxValue, 0)]
    public long MemoryBytes { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _folder = Directory.CreateTempSubdirectory("vitrine-profiles-").FullName;
        _store = new ProfileStore(0, new ProfileHeap(MemoryBytes, new ProfileFile(Path.Combine(_folder, "profiles")), static () => { }));
        foreach (var customers in Enumerable.Range(0, Customers).Chunk(10_000))
        {
            _store.Apply([.. customers.Select(Change)]);
        }
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark]
    public bool Read()
    {
        _target.Clear();
        return _store.TryRead("SHOP"u8, _ids[Next()], _target);
    }

    [Benchmark]
    public void Set() => _store.Apply([Change(Next())]);

    private int Next() => _next = (_next + 373_587_883) % Customers;

    private ProfileChange Change(int customer) => new(
        "SHOP"u8.ToArray(),
        _ids[customer],
        customer,
        Bodies.Now,
        Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"city":"Berlin","last_order":"2025-05-01T12:00:00Z","orders":{{customer % 17}},"tier":"gold","u_em":"customer-{{customer}}@example.com","u_mb":"+49170{{customer}}"}""")));
}
