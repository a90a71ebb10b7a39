using System.Text;
using Vitrine.Journal;
using Vitrine.Projection.Profiles;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Projection.Profiles;

public sealed class ProfileStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private long _updates;
    private int _refusals;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_few_profiles_that_are_written_again_and_again_take_no_more_memory_than_they_say()
    {
        using var store = Store(long.MaxValue);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var round = 0; round < 100; round++)
        {
            store.Apply([.. Enumerable.Range(1, 512).Select(customer => Change(customer, $$"""{"n":{{round}},"p":"{{new string('x', 2000)}}"}"""))]);
        }

        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(store.Size.Bytes + (32 << 20)); // 100 MiB went through it.
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(2 << 20)]
    [InlineData(0)]
    public void Whatever_is_changed_is_found_in_memory_and_on_the_disk(long limit)
    {
        using var store = Store(limit);
        var random = new Seeded(41);
        var expected = new Dictionary<int, string>();
        for (var round = 0; round < 60; round++)
        {
            var changes = new List<ProfileChange>();
            for (var count = 0; count < 200; count++)
            {
                var customer = 1 + random.Next(1500);
                var attributes = random.OneIn(5) ? "" : $$"""{"n":{{_updates}},"p":"{{new string('x', random.Next(2000))}}"}""";
                changes.Add(Change(customer, attributes));
                if (attributes.Length == 0)
                {
                    expected.Remove(customer);
                }
                else
                {
                    expected[customer] = attributes;
                }
            }

            store.Apply(changes);
        }

        for (var customer = 1; customer <= 1500; customer++)
        {
            Read(store, customer).ShouldBe(expected.GetValueOrDefault(customer));
        }

        var (count1, bytes, diskBytes) = store.Size;
        count1.ShouldBe(expected.Count);
        (diskBytes > 0).ShouldBe(limit < long.MaxValue);
        bytes.ShouldBeLessThanOrEqualTo(Math.Max(1 << 20, Math.Min(limit, 8 << 20)), "what is dead is cleared away");
        diskBytes.ShouldBeLessThanOrEqualTo(8 << 20);
        _refusals.ShouldBe(0);
        Directory.GetFiles(_folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public void When_the_disk_refuses_all_stays_in_memory()
    {
        using var store = Store(0, _folder["absent/profiles"]);
        for (var customer = 1; customer <= 3000; customer++)
        {
            store.Apply([Change(customer, $$"""{"n":{{customer}},"p":"{{new string('x', 1000)}}"}""")]);
        }

        _refusals.ShouldBeGreaterThan(0);
        store.Size.DiskBytes.ShouldBe(0);
        for (var customer = 1; customer <= 3000; customer++)
        {
            Read(store, customer)!.ShouldStartWith($$"""{"n":{{customer}},""");
        }
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(0)]
    public async Task Readers_beside_changes_find_whole_profiles_and_never_older_ones(long limit)
    {
        const int customers = 50;
        using var store = Store(limit);
        using var ended = new CancellationTokenSource();
        store.Apply([.. Enumerable.Range(1, customers).Select(customer => Versioned(customer, 0))]);
        var readers = Enumerable.Range(0, 3).Select(reader => Task.Factory.StartNew(
            () =>
            {
                var (target, found, seen) = (new ByteWriter(), new ByteWriter(), new long[customers + 1]);
                for (var reads = 0; !ended.IsCancellationRequested || reads < 1000; reads++)
                {
                    var customer = 1 + ((reads + reader) % customers);
                    target.Clear();
                    store.TryRead("SHOP"u8, Id(customer), target).ShouldBeTrue();
                    var version = VersionOf(target.Written, customer);
                    version.ShouldBeGreaterThanOrEqualTo(seen[customer]);
                    seen[customer] = version;
                    found.Clear();
                    store.TryFind("SHOP"u8, "u_em"u8, Encoding.UTF8.GetBytes($"{customer}@example.com"), found).ShouldBeTrue();
                    found.Written.SequenceEqual(Id(customer)).ShouldBeTrue();
                }
            },
            TaskCreationOptions.LongRunning)).ToList();
        for (var version = 1; version <= 400; version++)
        {
            store.Apply([.. Enumerable.Range(1, customers).Select(customer => Versioned(customer, version))]);
        }

        await ended.CancelAsync();
        await Task.WhenAll(readers);
    }

    [Fact]
    public void A_look_up_allocates_nothing()
    {
        using var store = Store(long.MaxValue);
        store.Apply([Change(1, """{"a":1,"u_em":"ann@example.com"}""")]);
        var target = new ByteWriter();
        var found = 0;
        for (var round = 0; round < 2; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var reads = 0; reads < 1000; reads++)
            {
                target.Clear();
                found += store.TryRead("SHOP"u8, "customer-1"u8, target) && store.TryFind("SHOP"u8, "u_em"u8, "ann@example.com"u8, target) ? 1 : 0;
            }

            if (round == 1)
            {
                (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
            }
        }

        found.ShouldBe(2000);
    }

    [Fact]
    public void Of_several_who_carry_an_identifier_the_one_updated_last_is_found()
    {
        using var store = Store(long.MaxValue);
        const string shared = """{"u_em":"us@example.com"}""";
        store.Apply([Change(1, shared), Change(2, shared), Change(3, shared)]);
        Find(store, "u_em", "us@example.com").ShouldBe("customer-3");
        store.Apply([Change(1, """{"a":1,"u_em":"us@example.com"}""")]);
        Find(store, "u_em", "us@example.com").ShouldBe("customer-1");
        store.Apply([Change(1, """{"u_em":"me@example.com"}""")]);
        Find(store, "u_em", "us@example.com").ShouldBe("customer-3");
        Find(store, "u_em", "me@example.com").ShouldBe("customer-1");
        store.Apply([Change(3, "")]);
        Find(store, "u_em", "us@example.com").ShouldBe("customer-2");
        store.Apply([Change(2, "{}")]);
        Find(store, "u_em", "us@example.com").ShouldBeNull();
    }

    /// <summary>The table knows no finer order, so this is what a start finds as well.</summary>
    [Fact]
    public void Of_those_updated_in_the_same_millisecond_the_one_who_appeared_last_is_found()
    {
        using var store = Store(long.MaxValue);
        const string shared = """{"u_mb":919876543210}""";
        store.Apply([Change(2, shared) with { UpdatedAt = 5 }, Change(1, shared) with { UpdatedAt = 5 }]);
        Find(store, "u_mb", "919876543210").ShouldBe("customer-2");
    }

    [Theory]
    [InlineData("""{"u_em":"a\u0040example.com"}""", "u_em", "a@example.com", true)]
    [InlineData("""{"u_em":"A@example.com"}""", "u_em", "a@example.com", false)]
    [InlineData("""{"u_mb":"+49 170 1"}""", "u_mb", "+49 170 1", true)]
    [InlineData("""{"u_mb":4917012.0}""", "u_mb", "4917012.0", true)]
    [InlineData("""{"u_mb":"4917012"}""", "u_em", "4917012", false)]
    [InlineData("""{"u_nm":"ann"}""", "u_nm", "ann", false)]
    [InlineData("""{"u_em":"none"}""", "u_em", "none", false)]
    [InlineData("""{"u_em":""}""", "u_em", "", false)]
    [InlineData("""{"u_em":["a@example.com"]}""", "u_em", "a@example.com", false)]
    [InlineData("""{"u_em":true}""", "u_em", "true", false)]
    [InlineData("""{"x":"\"u_em\":","y":["u_em"]}""", "u_em", "y", false)]
    public void An_identifier_is_found_by_its_text(string attributes, string name, string value, bool found)
    {
        using var store = Store(long.MaxValue);
        store.Apply([Change(1, attributes)]);
        Find(store, name, value).ShouldBe(found ? "customer-1" : null);
        store.TryFind("OTHER"u8, Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value), new ByteWriter()).ShouldBeFalse();
    }

    [Fact]
    public void A_value_beyond_512_bytes_names_nobody()
    {
        using var store = Store(long.MaxValue);
        foreach (var (length, found) in new[] { (512, "customer-1"), (513, null), (60_000, null) })
        {
            var value = new string('x', length);
            store.Apply([Change(1, $$"""{"u_em":"{{value}}"}""")]);
            Find(store, "u_em", value).ShouldBe(found);
        }
    }

    private static long VersionOf(ReadOnlySpan<byte> attributes, int customer)
    {
        var json = System.Text.Json.Nodes.JsonNode.Parse(attributes)!;
        ((int)json["customer"]!).ShouldBe(customer);
        ((long)json["again"]!).ShouldBe((long)json["version"]!);
        return (long)json["version"]!;
    }

    private static byte[] Id(int customer) => Encoding.UTF8.GetBytes($"customer-{customer}");

    private ProfileStore Store(long limit, string? file = null) =>
        new(0, new ProfileHeap(limit, new ProfileFile(file ?? _folder["profiles"]), () => _refusals++));

    private ProfileChange Versioned(int customer, int version) => Change(
        customer, $$"""{"again":{{version}},"customer":{{customer}},"p":"{{new string('x', version % 7 * 300)}}","u_em":"{{customer}}@example.com","version":{{version}}}""");

    private ProfileChange Change(int customer, string attributes) =>
        new("SHOP"u8.ToArray(), Id(customer), customer, ++_updates, Encoding.UTF8.GetBytes(attributes));

    private static string? Read(ProfileStore store, int customer)
    {
        var target = new ByteWriter();
        return store.TryRead("SHOP"u8, Id(customer), target) ? Encoding.UTF8.GetString(target.Written) : null;
    }

    private static string? Find(ProfileStore store, string name, string value)
    {
        var target = new ByteWriter();
        return store.TryFind("SHOP"u8, Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value), target) ? Encoding.UTF8.GetString(target.Written) : null;
    }
}
