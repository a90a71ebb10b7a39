using Microsoft.Data.Sqlite;
using Vitrine.Hosting;
using Vitrine.Journal;
using Vitrine.Projection;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Projection;

/// <summary>A record that is not as it was written is set aside with its position; all others count.</summary>
public sealed class DamagedJournalTests
{
    private const int Requests = 5;
    private const int Damaged = 3;
    private const int PageBytes = 8192;

    [Fact]
    public async Task Any_flipped_byte_of_a_record_quarantines_that_record_and_no_other()
    {
        using var folder = new TemporaryFolder();
        var payload = await FillAsync(folder);
        var step = Environment.GetEnvironmentVariable("VITRINE_TEST_LONG") == "1" ? 1 : 31;
        for (var place = 0; place < payload.Length; place += step)
        {
            var damaged = (byte[])payload.Clone();
            damaged[place] ^= 0x10;
            SetPayload(folder, damaged);
            var (events, quarantine) = Rebuild(folder);
            events.ShouldBe(Requests - 1, $"byte {place}");
            quarantine.ShouldBe([(Damaged, Damaged)], $"byte {place}");
        }
    }

    [Fact]
    public async Task A_damaged_page_of_the_file_quarantines_its_records_and_no_other()
    {
        using var folder = new TemporaryFolder();
        await FillAsync(folder, texts: 90); // So that payloads have pages of their own.
        var file = DataDirectory.JournalIn(folder.Path);
        var bytes = File.ReadAllBytes(file);
        var filling = bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(new string(Filling(Damaged), 500)));
        filling.ShouldBeGreaterThan(0);
        bytes.AsSpan((filling + 16_000) / PageBytes * PageBytes, 4).Fill(0xFF); // The number of the next page of the chain.
        File.WriteAllBytes(file, bytes);
        var (events, quarantine) = Rebuild(folder);
        events.ShouldBe(Requests - 1);
        quarantine.ShouldHaveSingleItem().ShouldBe((Damaged, Damaged));

        await using var server = await TestServer.StartAsync(folder.Path);
        await server.ProjectedAsync();
    }

    [Theory]
    [InlineData(0.25)]
    [InlineData(0.5)]
    [InlineData(0.75)]
    public async Task A_damaged_leaf_of_many_groups_takes_none_with_it_that_can_be_read(double where)
    {
        const int requests = 300;
        using var folder = new TemporaryFolder();
        await PostOneByOneAsync(folder, requests);
        var unreadable = DamageLeaf(folder, where, requests);
        unreadable.ShouldNotBeEmpty();

        ProjectionPaths.In(folder.Path).Delete();
        await using var server = await TestServer.StartAsync(folder.Path);
        await server.ProjectedAsync();
        Books(folder, out var events).ShouldBe([(unreadable[0], unreadable[^1])]);
        events.ShouldBe(requests - unreadable.Count);
        (await server.OpenShop().PostAsync(Bodies.One())).ShouldBeAccepted();
        await server.ProjectedAsync();
    }

    [Fact]
    public async Task A_row_that_says_a_wrong_number_of_records_hides_none()
    {
        foreach (var wrong in new[] { 0, 33 })
        {
            foreach (var position in new[] { 50, 100 })
            {
                using var folder = new TemporaryFolder();
                await PostOneByOneAsync(folder, 100);
                Execute(folder, $"UPDATE journal_group SET record_count = {wrong} WHERE first_position = {position}");

                ProjectionPaths.In(folder.Path).Delete();
                await using var server = await TestServer.StartAsync(folder.Path);
                await server.ProjectedAsync();
                Books(folder, out var events).ShouldBeEmpty();
                events.ShouldBe(100);
                server.Journal.Head.ShouldBe(100);
            }
        }
    }

    [Fact]
    public async Task Rows_that_are_missing_are_noted()
    {
        using var folder = new TemporaryFolder();
        await PostOneByOneAsync(folder, 100);
        Execute(folder, "DELETE FROM journal_group WHERE first_position BETWEEN 40 AND 60");
        using (var journal = Open(folder))
        {
            JournalVerification.Run(journal).Damages.ShouldHaveSingleItem().ShouldContain("40 to 60");
        }

        ProjectionPaths.In(folder.Path).Delete();
        await using var server = await TestServer.StartAsync(folder.Path);
        await server.ProjectedAsync();
        Books(folder, out var events).ShouldBe([(40, 60)]);
        events.ShouldBe(79);
    }

    [Fact]
    public async Task A_journal_whose_end_is_damaged_is_not_appended_to()
    {
        using var folder = new TemporaryFolder();
        await PostOneByOneAsync(folder, 300);
        DamageLeaf(folder, 0.999, 300);
        (await Should.ThrowAsync<InvalidDataException>(() => TestServer.StartAsync(folder.Path))).Message.ShouldContain("Restore a backup");
    }

    private static async Task PostOneByOneAsync(TemporaryFolder folder, int requests)
    {
        await using var server = await TestServer.StartAsync(folder.Path);
        var shop = server.OpenShop();
        for (var request = 0; request < requests; request++)
        {
            (await shop.PostAsync(Bodies.One())).ShouldBeAccepted();
        }

        await server.ProjectedAsync();
    }

    /// <summary>Damages the page that holds the row so far along; answers the positions that cannot be read any more.</summary>
    private static List<long> DamageLeaf(TemporaryFolder folder, double where, int requests)
    {
        byte[] payload;
        using (var journal = Open(folder))
        {
            payload = (byte[])JournalFile.Scalar(journal, $"SELECT payload FROM journal_group WHERE first_position = {(int)(where * requests) + 1}")!;
        }

        var file = DataDirectory.JournalIn(folder.Path);
        var bytes = File.ReadAllBytes(file);
        bytes.AsSpan(bytes.AsSpan().LastIndexOf(payload) / PageBytes * PageBytes, 8).Fill(0xFF);
        File.WriteAllBytes(file, bytes);
        using var damaged = Open(folder);
        return [.. Enumerable.Range(1, requests).Select(static position => (long)position).Where(position => !CanRead(damaged, position))];
    }

    private static bool CanRead(SqliteConnection journal, long position)
    {
        try
        {
            return JournalFile.Scalar(journal, $"SELECT payload FROM journal_group WHERE first_position = {position}") is not null;
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    private static void Execute(TemporaryFolder folder, string sql)
    {
        using var journal = Open(folder);
        JournalFile.Execute(journal, sql);
    }

    private static char Filling(int request) => (char)('a' + request);

    private static async Task<byte[]> FillAsync(TemporaryFolder folder, int texts = 1)
    {
        await using (var server = await TestServer.StartAsync(folder.Path))
        {
            var shop = server.OpenShop();
            for (var request = 1; request <= Requests; request++)
            {
                var filling = new string(Filling(request), texts == 1 ? 10 : 500);
                var element = Bodies.Element(Bodies.Action(attributes: attributes =>
                {
                    for (var text = 0; text < texts; text++)
                    {
                        attributes[$"filling{text}"] = filling;
                    }
                }));
                (await shop.PostAsync(Bodies.Of(element))).Status.ShouldBe(200);
            }

            await server.ProjectedAsync();
        }

        using var journal = Open(folder);
        return (byte[])JournalFile.Scalar(journal, $"SELECT payload FROM journal_group WHERE first_position = {Damaged}")!;
    }

    private static void SetPayload(TemporaryFolder folder, byte[] payload)
    {
        using var journal = Open(folder);
        using var command = journal.CreateCommand();
        command.CommandText = $"UPDATE journal_group SET payload = $payload WHERE first_position = {Damaged}";
        command.Parameters.AddWithValue("$payload", payload);
        command.ExecuteNonQuery().ShouldBe(1);
    }

    private static SqliteConnection Open(TemporaryFolder folder) => JournalFile.Open(DataDirectory.JournalIn(folder.Path), SqliteOpenMode.ReadWrite);

    private static (long Events, List<(long First, long Last)> Quarantine) Rebuild(TemporaryFolder folder)
    {
        var paths = ProjectionPaths.In(folder.Path);
        paths.Delete();
        using var journal = Open(folder);
        using (var writer = new ProjectionWriter(paths.File, new ProjectionOptions { MemoryLimitBytes = 512 << 20 }, new ProjectionMetrics(Prometheus.Metrics.NewCustomRegistry())))
        {
            long reached = 0;
            writer.Begin();
            while (SqliteJournal.ReadAfter(journal, reached) is { } group)
            {
                writer.Apply(group, reached);
                reached = group.LastPosition;
            }

            writer.Commit(reached);
            reached.ShouldBe(Requests);
        }

        var quarantine = Books(folder, out var events);
        return (events, quarantine);
    }

    private static List<(long First, long Last)> Books(TemporaryFolder folder, out long events)
    {
        using var connection = ProjectionFile.Open(ProjectionPaths.In(folder.Path).File, new ProjectionOptions { MemoryLimitBytes = 512 << 20 });
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT position, last_position FROM quarantine ORDER BY 1";
        var quarantine = new List<(long, long)>();
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                quarantine.Add((reader.GetInt64(0), reader.GetInt64(1)));
            }
        }

        events = Convert.ToInt64(ProjectionFile.Scalar(connection, "SELECT count(*) FROM events"), null);
        return quarantine;
    }
}
