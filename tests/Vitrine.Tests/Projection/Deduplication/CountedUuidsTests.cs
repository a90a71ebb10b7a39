using CsCheck;
using Vitrine.Projection.Deduplication;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Projection.Deduplication;

/// <summary>What was counted stays known, in memory or on the disk, and the memory stays within its limit.</summary>
public sealed class CountedUuidsTests : IDisposable
{
    private const long Limit = 8 << 20;

    private readonly TemporaryFolder _folder = new();
    private int _refused;

    [Fact]
    public void Every_uuid_counts_once_however_many_generations_lie_on_the_disk()
    {
        using var counted = Counted(_folder.Path);
        var uuids = SomeUuids.Of(7, 1_500_000);
        var seen = counted.Of(1);
        var most = 0L;
        foreach (var uuid in uuids)
        {
            seen.Expect(uuid);
            Assert.True(seen.Add(uuid));
            most = Math.Max(most, counted.Bytes - seen.RunBytes);
        }

        most.ShouldBeLessThanOrEqualTo(Limit);
        counted.DiskBytes.ShouldBeGreaterThan(2 * Limit, "several generations are meant to be on the disk");
        uuids.ShouldAllBe(uuid => !seen.Add(uuid));
        counted.Count.ShouldBe(uuids.Length);
    }

    [Fact]
    public void Environments_share_the_limit_and_nothing_else()
    {
        using var counted = Counted(_folder.Path);
        var uuids = SomeUuids.Of(8, 200_000);
        for (var environment = 1; environment <= 5; environment++)
        {
            uuids.ShouldAllBe(uuid => counted.Of(environment).Add(uuid));
            uuids.ShouldAllBe(uuid => !counted.Of(environment).Add(uuid));
        }

        counted.DiskBytes.ShouldBeGreaterThan(0);
        (counted.Bytes - Enumerable.Range(1, 5).Sum(environment => counted.Of(environment).RunBytes)).ShouldBeLessThanOrEqualTo(Limit);
        counted.Count.ShouldBe(5 * uuids.Length);
    }

    [Fact]
    public void It_counts_what_a_hash_set_counts() => SomeUuids.Any.Array[0, 2000].Sample(
        uuids =>
        {
            using var counted = new CountedUuids(Path.Combine(_folder.Path, "projection"), 1, static () => { });
            var seen = counted.Of(1);
            var oracle = new HashSet<UInt128>();
            return uuids.All(uuid =>
            {
                if (oracle.Count % 100 == 99)
                {
                    seen.Age(Path.Combine(_folder.Path, $"run-{Guid.NewGuid()}"));
                }

                return seen.Add(uuid) == oracle.Add(uuid);
            }) && counted.Count == oracle.Count;
        },
        iter: 50);

    [Fact]
    public void What_the_disk_refuses_stays_in_memory_and_is_still_known()
    {
        using var counted = Counted(Path.Combine(_folder.Path, "no such folder"));
        var uuids = SomeUuids.Of(9, 600_000);
        uuids.ShouldAllBe(uuid => counted.Of(1).Add(uuid));
        uuids.ShouldAllBe(uuid => !counted.Of(1).Add(uuid));
        counted.DiskBytes.ShouldBe(0);
        counted.Bytes.ShouldBeGreaterThan(Limit);
        _refused.ShouldBeInRange(1, 100, "it is tried again from time to time, not for each uuid");
    }

    [Fact]
    public void What_was_counted_before_a_start_is_known_after_it_and_takes_no_memory_of_the_sets()
    {
        using var counted = Counted(_folder.Path);
        var uuids = SomeUuids.Of(10, 900_000);
        Restore(counted, uuids);
        counted.Count.ShouldBe(uuids.Length);
        counted.DiskBytes.ShouldBe(uuids.Length * 16L);
        (counted.Bytes / (double)uuids.Length).ShouldBeLessThan(2);
        uuids.ShouldAllBe(uuid => !counted.Of(EnvironmentOf(uuid)).Add(uuid));
        SomeUuids.Of(11, 50_000).ShouldAllBe(uuid => counted.Of(1).Add(uuid) && !counted.Of(1).Add(uuid));
        counted.Count.ShouldBe(uuids.Length + 50_000);
    }

    [Fact]
    public void What_is_too_little_for_a_file_is_taken_into_memory_at_a_start()
    {
        using var counted = Counted(_folder.Path);
        var uuids = SomeUuids.Of(12, 20_000);
        Restore(counted, uuids);
        counted.DiskBytes.ShouldBe(0);
        counted.Count.ShouldBe(uuids.Length);
        uuids.ShouldAllBe(uuid => !counted.Of(EnvironmentOf(uuid)).Add(uuid));
    }

    [Fact]
    public void A_disk_that_refuses_at_a_start_makes_the_memory_grow_and_nothing_forgotten()
    {
        using var counted = Counted(Path.Combine(_folder.Path, "no such folder"));
        var uuids = SomeUuids.Of(13, 600_000);
        Restore(counted, uuids);
        _refused.ShouldBePositive();
        counted.Count.ShouldBe(uuids.Length);
        uuids.ShouldAllBe(uuid => !counted.Of(EnvironmentOf(uuid)).Add(uuid));
    }

    [Fact]
    public void An_environment_that_goes_on_keeps_the_room_of_its_pile_from_one_run_to_the_next()
    {
        using var counted = Counted(_folder.Path);
        using var restoration = counted.Restore(1_000_000);
        var room = 0L;
        foreach (var some in SomeUuids.Of(15, 1_000_000).Chunk(2048))
        {
            restoration.Add(1, some);
            restoration.Bytes.ShouldBeGreaterThanOrEqualTo(room, "fresh memory costs more than all the rest of a start");
            room = restoration.Bytes;
        }

        counted.DiskBytes.ShouldBeGreaterThan(Limit, "several runs are meant to be on the disk");
    }

    [Fact]
    public void Environments_that_follow_one_another_do_not_keep_the_memory_of_a_start()
    {
        using var counted = Counted(_folder.Path);
        using var restoration = counted.Restore(3_000_000);
        for (var environment = 1; environment <= 10; environment++)
        {
            foreach (var some in SomeUuids.Of((ulong)environment, 300_000).Chunk(2048))
            {
                restoration.Add(environment, some);
                restoration.Bytes.ShouldBeLessThanOrEqualTo(Limit, "piles have half of the limit, and half of that to grow");
            }
        }

        restoration.End();
        restoration.Bytes.ShouldBe(0);
        counted.Count.ShouldBe(3_000_000);
    }

    [Fact]
    public void A_disk_that_refuses_for_a_while_makes_no_repetition_count()
    {
        var folder = Path.Combine(_folder.Path, "comes later");
        using var counted = new CountedUuids(Path.Combine(folder, "projection.duckdb"), Limit, () => Directory.CreateDirectory(folder));
        var uuids = SomeUuids.Of(14, 1_500_000);
        Restore(counted, uuids);
        counted.DiskBytes.ShouldBePositive();
        counted.Count.ShouldBe(uuids.Length);
        uuids.ShouldAllBe(uuid => !counted.Of(EnvironmentOf(uuid)).Add(uuid));
    }

    public void Dispose() => _folder.Dispose();

    private CountedUuids Counted(string folder) => new(Path.Combine(folder, "projection.duckdb"), Limit, () => _refused++);

    /// <summary>Of two environments, a few at a time.</summary>
    private static void Restore(CountedUuids counted, UInt128[] uuids)
    {
        using var restoration = counted.Restore(uuids.Length);
        foreach (var some in uuids.Chunk(2048))
        {
            restoration.Add(1, [.. some.Where(static uuid => EnvironmentOf(uuid) == 1)]);
            restoration.Add(2, [.. some.Where(static uuid => EnvironmentOf(uuid) == 2)]);
        }

        restoration.End();
    }

    private static int EnvironmentOf(UInt128 uuid) => 1 + (int)(uuid >> 64 & 1);
}
