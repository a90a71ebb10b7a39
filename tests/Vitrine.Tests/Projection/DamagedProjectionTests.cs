using Vitrine.Projection;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Projection;

/// <summary>A view may break: it is set aside and built anew from the journal.</summary>
public sealed class DamagedProjectionTests
{
    public enum Damage
    {
        Garbage,
        Empty,
        CutShort,
        Zeros,
        BrokenHeader,
        GarbageInWriteAheadLog,
        AnotherDatabase,
        AnotherLayout,
    }

    [Theory]
    [InlineData(Damage.Garbage)]
    [InlineData(Damage.Empty)]
    [InlineData(Damage.CutShort)]
    [InlineData(Damage.Zeros)]
    [InlineData(Damage.BrokenHeader)]
    [InlineData(Damage.GarbageInWriteAheadLog)]
    [InlineData(Damage.AnotherDatabase)]
    [InlineData(Damage.AnotherLayout)]
    public async Task It_is_set_aside_and_built_anew(Damage damage)
    {
        using var folder = new TemporaryFolder();
        var (shop, before) = await FillAsync(folder);
        Break(ProjectionPaths.In(folder.Path).File, damage);

        await using var server = await TestServer.StartAsync(folder.Path);
        (await ProjectionBooks.ReadAsync(shop.On(server))).ShouldBe(before);
        if (damage is not (Damage.Empty or Damage.GarbageInWriteAheadLog)) // DuckDB takes the one for a new file and passes over the other.
        {
            Directory.GetFiles(folder.Path, "*.damaged-*").ShouldNotBeEmpty();
        }
    }

    [Fact]
    public async Task One_that_is_ahead_of_the_journal_is_set_aside_too()
    {
        using var folder = new TemporaryFolder();
        using var younger = new TemporaryFolder();
        var (shop, before) = await FillAsync(folder);
        await FillAsync(younger, 3000);
        File.Move(ProjectionPaths.In(younger.Path).File, ProjectionPaths.In(folder.Path).File, overwrite: true);

        await using var server = await TestServer.StartAsync(folder.Path);
        (await ProjectionBooks.ReadAsync(shop.On(server))).ShouldBe(before);
        Directory.GetFiles(folder.Path, "*.damaged-*").ShouldHaveSingleItem();
    }

    private static async Task<(Shop Shop, string Books)> FillAsync(TemporaryFolder folder, int events = 800)
    {
        await using var server = await TestServer.StartAsync(folder.Path);
        var shop = server.OpenShop();
        await GeneratedEvents.PostAsync(shop, GeneratedEvents.Make(new Seeded(31), events));
        return (shop, await ProjectionBooks.ReadAsync(shop));
    }

    private static void Break(string file, Damage damage)
    {
        var bytes = File.ReadAllBytes(file);
        var random = new Seeded(32);
        switch (damage)
        {
            case Damage.Garbage:
                File.WriteAllBytes(file, [.. Enumerable.Range(0, 100_000).Select(_ => (byte)random.Next(256))]);
                break;
            case Damage.Empty:
                File.WriteAllBytes(file, []);
                break;
            case Damage.CutShort:
                File.WriteAllBytes(file, bytes[..(bytes.Length / 2)]);
                break;
            case Damage.Zeros:
                File.WriteAllBytes(file, new byte[bytes.Length]);
                break;
            case Damage.BrokenHeader:
                bytes.AsSpan(4096, 8192).Fill(0xA5);
                File.WriteAllBytes(file, bytes);
                break;
            case Damage.GarbageInWriteAheadLog:
                File.WriteAllBytes(file + ".wal", [.. Enumerable.Range(0, 10_000).Select(_ => (byte)random.Next(256))]);
                break;
            case Damage.AnotherDatabase:
                File.Delete(file);
                Execute(file, "CREATE TABLE projection_state (something INTEGER)");
                break;
            default:
                Execute(file, "UPDATE projection_state SET layout = 999");
                break;
        }
    }

    private static void Execute(string file, string sql)
    {
        using var connection = ProjectionFile.Open(file, new ProjectionOptions());
        ProjectionFile.Execute(connection, sql);
    }
}
