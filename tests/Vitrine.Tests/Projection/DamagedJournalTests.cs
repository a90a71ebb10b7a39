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
        using (var writer = new ProjectionWriter(paths.File, new ProjectionOptions { MemoryLimitBytes = 256 << 20 }, new ProjectionMetrics(Prometheus.Metrics.NewCustomRegistry())))
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

        using var connection = ProjectionFile.Open(paths.File, new ProjectionOptions());
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

        return (Convert.ToInt64(ProjectionFile.Scalar(connection, "SELECT count(*) FROM events"), null), quarantine);
    }
}
