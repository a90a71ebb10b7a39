using Vitrine.Projection.Deduplication;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Projection.Deduplication;

public sealed class UuidRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly UuidHash _hash = new();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10_000)]
    [InlineData(300_000)]
    public void It_holds_what_it_was_made_of_and_nothing_else(int count)
    {
        var uuids = SomeUuids.Of(1, count);
        using var run = Write(uuids);
        uuids.ShouldAllBe(uuid => run.Contains(uuid, _hash.Of(uuid)));
        SomeUuids.Of(2, 100_000).ShouldAllBe(uuid => !run.Contains(uuid, _hash.Of(uuid)));
        run.DiskBytes.ShouldBe(count * 16L);
    }

    [Fact]
    public void A_uuid_on_the_disk_costs_less_than_two_bytes_of_memory()
    {
        using var run = Write(SomeUuids.Of(1, 300_000));
        (run.Bytes / 300_000.0).ShouldBeInRange(1.5, 2);
    }

    [Fact]
    public void Nothing_is_left_in_the_folder_even_while_it_is_open()
    {
        using var run = Write(SomeUuids.Of(1, 1000));
        Directory.GetFiles(_folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public void What_comes_back_from_the_disk_otherwise_than_it_was_written_is_a_fault_and_no_answer()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A deleted file can be reached through /proc on Linux only.");
        var uuids = SomeUuids.Of(1, 1000);
        using var run = Write(uuids);
        var descriptor = Directory.GetFiles("/proc/self/fd").Single(link => Target(link).StartsWith(Run, StringComparison.Ordinal));
        using (var file = File.OpenHandle(descriptor, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
        {
            RandomAccess.Write(file, new byte[run.DiskBytes], 0);
        }

        uuids.ShouldAllBe(uuid => IsFault(run, uuid));
    }

    /// <summary>What a link points to; nothing when another test has closed its file meanwhile.</summary>
    private static string Target(string link)
    {
        try
        {
            return File.ResolveLinkTarget(link, returnFinalTarget: false)?.FullName ?? "";
        }
        catch (FileNotFoundException)
        {
            return "";
        }
    }

    [Fact]
    public void A_filter_lets_fewer_than_one_in_a_hundred_pass_that_it_does_not_hold()
    {
        var filter = new UuidFilter(100_000);
        foreach (var uuid in SomeUuids.Of(1, 100_000))
        {
            filter.Add(_hash.Of(uuid));
        }

        SomeUuids.Of(1, 100_000).ShouldAllBe(uuid => filter.MayContain(_hash.Of(uuid)));
        SomeUuids.Of(2, 100_000).Count(uuid => filter.MayContain(_hash.Of(uuid))).ShouldBeLessThan(1000);
    }

    public void Dispose() => _folder.Dispose();

    private string Run => Path.Combine(_folder.Path, "run");

    private bool IsFault(UuidRun run, UInt128 uuid)
    {
        try
        {
            run.Contains(uuid, _hash.Of(uuid));
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private UuidRun Write(UInt128[] uuids)
    {
        var set = new UuidSet(_hash);
        foreach (var uuid in uuids)
        {
            set.Add(uuid, _hash.Of(uuid));
        }

        return UuidRun.Write(Run, set, _hash);
    }
}
