namespace Vitrine.EndToEnd;

/// <summary>The projection is a view: whatever happens to its file, the journal builds it again.</summary>
public sealed class DamagedProjectionTests(DamagedProjectionTests.Left left) : IClassFixture<DamagedProjectionTests.Left>
{
    private const string Projection = "projection.duckdb";

    private static readonly string[] Reports =
    [
        "/api/v1/reports/experiences",
        $"/api/v1/reports/experiences/{Bodies.Experience}?by=variation,locale,platform&scale=hour",
        "/api/v1/exports/events",
    ];

    public enum Damage
    {
        Truncated,
        CutShort,
        Garbage,
        Headless,
        LogCutShort,
        LogEndsInZeros,
        LogIsGarbage,
        OfAnotherServer,
    }

    /// <summary>Of each kind one; the others, which unit tests do to smaller files, with ./test --long.</summary>
    public static TheoryData<Damage> Damages { get; } = Build.Long ? [.. Enum.GetValues<Damage>()] : [Damage.Garbage, Damage.LogCutShort, Damage.LogEndsInZeros];

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task It_is_set_aside_and_built_anew_with_the_same_reports(Damage damage)
    {
        using var folder = new TemporaryFolder();
        var data = folder["data"];
        var reports = left.CopyTo(data, wasKilled: damage is Damage.LogCutShort or Damage.LogEndsInZeros or Damage.LogIsGarbage);
        await DamageAsync(damage, folder);
        await using var again = await ServerProcess.StartAsync(data);
        using var later = again.Client();
        (await ReadAsync(later)).ShouldBe(reports);
        (await later.PostAsync(Bodies.New(1))).Status.ShouldBe(200);
        await again.StopAsync();
        if (damage is Damage.Garbage or Damage.Headless or Damage.LogEndsInZeros or Damage.OfAnotherServer)
        {
            Directory.GetFiles(data, Projection + ".damaged-*").ShouldNotBeEmpty();
        }
    }

    [Fact]
    public async Task A_missing_projection_is_built_from_the_journal()
    {
        using var folder = new TemporaryFolder();
        List<string> reports;
        await using (var server = await ServerProcess.StartAsync(folder.Path))
        {
            using var client = server.Client();
            (await client.PostAsync(Bodies.New(100))).Status.ShouldBe(200);
            reports = await ReadAsync(client);
            await server.StopAsync();
        }

        File.Delete(folder[Projection]);
        await using var again = await ServerProcess.StartAsync(folder.Path);
        using var later = again.Client();
        (await ReadAsync(later)).ShouldBe(reports);
    }

    [Fact]
    public async Task A_damaged_block_is_found_by_the_report_that_needs_it()
    {
        using var folder = new TemporaryFolder();
        List<string> reports;
        await using (var server = await ServerProcess.StartAsync(folder.Path))
        {
            using var client = server.Client();
            for (var request = 0; request < 30; request++)
            {
                // Attributes are most of the file, and nothing but an export reads them.
                (await client.PostAsync(Bodies.Large(Guid.NewGuid(), 48_000))).Status.ShouldBe(200);
            }

            reports = await ReadAsync(client);
            await server.StopAsync();
        }

        Overwrite(folder[Projection], new FileInfo(folder[Projection]).Length / 2, 16, 0xA5);
        await using var again = await ServerProcess.StartAsync(folder.Path);
        using var later = again.Client();
        await Poll.UntilAsync("the export is whole again", TimeSpan.FromSeconds(20), async () =>
        {
            try
            {
                var answer = await later.GetAsync(Reports[^1]);
                answer.Status.ShouldBeOneOf([200, 503], answer.Body);
                return answer.Status == 200;
            }
            catch (HttpRequestException)
            {
                return false; // Cut off in the middle, where the damage is.
            }
        });
        (await ReadAsync(later)).ShouldBe(reports);
        Directory.GetFiles(folder.Path, Projection + ".damaged-*").ShouldNotBeEmpty();
    }

    /// <summary>What a server left that took events and was stopped, and what it left when it was killed.</summary>
    public sealed class Left : IAsyncLifetime
    {
        private readonly TemporaryFolder _folder = new();
        private List<string> _reports = [];

        public async ValueTask InitializeAsync()
        {
            await using var server = await ServerProcess.StartAsync(_folder["killed"]);
            using var client = server.Client();
            for (var request = 0; request < 40; request++)
            {
                (await client.PostAsync(Bodies.New(50), "return=representation")).Status.ShouldBe(200);
            }

            _reports = await ReadAsync(client);
            await server.KillAsync();
            Copy(_folder["killed"], _folder["stopped"]);
            await using var again = await ServerProcess.StartAsync(_folder["stopped"]);
            await again.StopAsync();
        }

        public ValueTask DisposeAsync()
        {
            _folder.Dispose();
            return ValueTask.CompletedTask;
        }

        /// <summary>Copies it to a data folder, and answers the reports that it stands for.</summary>
        internal List<string> CopyTo(string data, bool wasKilled)
        {
            Copy(_folder[wasKilled ? "killed" : "stopped"], data);
            return _reports;
        }

        private static void Copy(string from, string to)
        {
            Directory.CreateDirectory(to);
            foreach (var file in Directory.GetFiles(from))
            {
                File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
            }
        }
    }

    private static async Task<List<string>> ReadAsync(ApiClient client)
    {
        await client.ProjectedAsync();
        var answers = new List<string>();
        foreach (var path in Reports)
        {
            answers.Add(await client.TextAsync(path));
        }

        return answers;
    }

    private static async Task DamageAsync(Damage damage, TemporaryFolder folder)
    {
        var file = Path.Combine(folder["data"], Projection);
        var log = file + ".wal";
        switch (damage)
        {
            case Damage.Truncated:
                Resize(file, 0);
                break;
            case Damage.CutShort:
                Resize(file, new FileInfo(file).Length / 2);
                break;
            case Damage.Garbage:
                Overwrite(file, 0, new FileInfo(file).Length, 0xA5);
                break;
            case Damage.Headless:
                Overwrite(file, 0, 12_288, 0);
                break;
            case Damage.LogCutShort:
                Resize(log, new FileInfo(log).Length - 1_000);
                break;
            case Damage.LogEndsInZeros:
                Overwrite(log, new FileInfo(log).Length - 3_000, 3_000, 0);
                break;
            case Damage.LogIsGarbage:
                Overwrite(log, 0, new FileInfo(log).Length, 0xA5);
                break;
            default:
                await PutAnotherServersAsync(folder, file);
                break;
        }
    }

    /// <summary>A projection that claims more records than this journal has.</summary>
    private static async Task PutAnotherServersAsync(TemporaryFolder folder, string file)
    {
        await using var other = await ServerProcess.StartAsync(folder["other"]);
        using var client = other.Client();
        for (var request = 0; request < 60; request++)
        {
            (await client.PostAsync(Bodies.New(1), "return=representation")).Status.ShouldBe(200);
        }

        await other.StopAsync();
        File.Copy(Path.Combine(folder["other"], Projection), file, overwrite: true);
    }

    private static void Resize(string file, long length)
    {
        using var stream = File.OpenWrite(file);
        stream.SetLength(length);
    }

    private static void Overwrite(string file, long offset, long count, byte value)
    {
        using var stream = File.OpenWrite(file);
        stream.Position = offset;
        stream.Write(Enumerable.Repeat(value, (int)count).ToArray());
    }
}
