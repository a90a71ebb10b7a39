using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using DuckDB.NET.Data;
using Vitrine.Journal;
using Vitrine.Journal.Records;
using Vitrine.Projection;
using Vitrine.Projection.Profiles;
using Vitrine.Tests.Support;

namespace Vitrine.Tests.Projection.Profiles;

/// <summary>Random histories of a projection, after each batch of which memory must say what the table says.</summary>
public sealed class ProfileHistoryTests
{
    private static readonly string[] Environments = ["SHOP", "SHOP_DEBUG"];
    private static readonly string[] Emails = ["a@example.com", "b@example.com"];
    private static readonly string[] Attributes =
    [
        "{}", """{"x":1}""", """{"x":null,"y":[1,"2"]}""", """{"u_em":"a@example.com"}""", """{"u_em":"b@example.com"}""", """{"u_em":null}""",
    ];

    private enum Step
    {
        Set,
        SetByEvent,
        Remove,
        Commit,
        Fault,
        Restart,
        Rebuild,
        Look,
        Load,
    }

    private static readonly Gen<(Step Step, int Environment, int Customer, int Attributes, int ReceivedAt)[]> Histories = Gen.Select(
        Gen.Frequency(
            (6, Gen.Const(Step.Set)),
            (4, Gen.Const(Step.SetByEvent)),
            (3, Gen.Const(Step.Remove)),
            (5, Gen.Const(Step.Commit)),
            (1, Gen.Const(Step.Fault)),
            (1, Gen.Const(Step.Restart)),
            (1, Gen.Const(Step.Rebuild)),
            (2, Gen.Const(Step.Look)),
            (3, Gen.Const(Step.Load))),
        Gen.Int[0, 1],
        Gen.Int[0, 3],
        Gen.Int[0, Attributes.Length - 1],
        Gen.Int[0, 20]).Array[1, 60];

    [Fact]
    public void Memory_says_what_the_table_says() => Histories.Sample(
        static history =>
        {
            using var run = new Run();
            foreach (var (step, environment, customer, attributes, receivedAt) in history)
            {
                run.Take(step, Environments[environment], $"customer-{customer}", Attributes[attributes], receivedAt);
            }

            run.Take(Step.Commit, "", "", "", 0);
            run.Take(Step.Load, "", "", "", 0);
            run.IsReady.ShouldBeTrue();
            run.Check();
        },
        iter: 40,
        threads: 1);

    /// <summary>A projection, its journal and what is held in memory, driven by hand.</summary>
    private sealed class Run : IDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private readonly ProjectionOptions _options = new() { MemoryLimitBytes = 256 << 20 };
        private readonly ProjectionMetrics _metrics = new(Prometheus.Metrics.NewCustomRegistry());
        private readonly List<byte[]> _journal = [];
        private ProjectionWriter _writer = null!;
        private CustomerProfiles _profiles = null!;
        private DuckDBConnection? _looking;
        private long _generation;
        private long _applied;

        public Run() => Start();

        public bool IsReady => _profiles.IsReady;

        private string File => ProjectionPaths.In(_folder.Path).File;

        public void Take(Step step, string environment, string customer, string attributes, int receivedAt)
        {
            switch (step)
            {
                case Step.Set:
                    Append(Change(environment, customer, attributes, receivedAt));
                    break;
                case Step.SetByEvent:
                    Append(Event(environment, customer, attributes, receivedAt));
                    break;
                case Step.Remove:
                    Append(Change(environment, customer, "", receivedAt));
                    break;
                case Step.Commit:
                    Commit();
                    break;
                case Step.Fault:
                    _writer.Dispose();
                    Open();
                    break;
                case Step.Restart:
                    Stop();
                    Start();
                    break;
                case Step.Rebuild:
                    StopLooking();
                    _writer.Dispose();
                    ProjectionPaths.In(_folder.Path).Delete();
                    _generation++;
                    Open();
                    break;
                case Step.Look:
                    StopLooking();
                    _looking = Look();
                    break;
                default:
                    Load();
                    break;
            }
        }

        /// <summary>Compares everything, for whoever is there and who is not.</summary>
        public void Check()
        {
            var table = Table();
            foreach (var environment in Environments)
            {
                for (var customer = 0; customer < 5; customer++)
                {
                    Text(target => _profiles.TryRead(Bytes(environment), Bytes($"customer-{customer}"), target))
                        .ShouldBe(table.SingleOrDefault(row => row.Environment == environment && row.Id == $"customer-{customer}").Attributes);
                }

                foreach (var email in Emails)
                {
                    Text(target => _profiles.TryFind(Bytes(environment), "u_em"u8, Bytes(email), target)).ShouldBe(table
                        .Where(row => row.Environment == environment && (string?)JsonNode.Parse(row.Attributes)!["u_em"] == email)
                        .OrderBy(static row => row.UpdatedAt).ThenBy(static row => row.Customer)
                        .LastOrDefault().Id);
                }
            }
        }

        public void Dispose()
        {
            Stop();
            _folder.Dispose();
        }

        private void Start()
        {
            _profiles = new CustomerProfiles(ProjectionPaths.In(_folder.Path), _options, _metrics);
            Open();
        }

        private void Open()
        {
            _writer = new ProjectionWriter(File, _options, _metrics, _profiles);
            _applied = _writer.Position;
            _writer.Begin();
            _profiles.Follow(_generation, _writer.Position);
            Append(null);
        }

        private void Stop()
        {
            StopLooking();
            _writer.Dispose();
            _profiles.Dispose();
        }

        private void Append(byte[]? record)
        {
            if (record is not null)
            {
                _journal.Add(record);
            }

            for (; _applied < _journal.Count; _applied++)
            {
                var framed = new byte[RecordFrame.HeaderLength + _journal[(int)_applied].Length];
                RecordFrame.Write(framed, _applied + 1, _journal[(int)_applied]);
                _writer.Apply(new JournalGroup(_applied + 1, 1, framed), _applied);
            }
        }

        private void Commit()
        {
            _writer.Commit(_applied);
            if (_profiles.IsReady)
            {
                Check();
            }

            _writer.Begin();
        }

        private DuckDBConnection Look()
        {
            var connection = ProjectionFile.Open(File, _options);
            ProjectionFile.Execute(connection, "BEGIN TRANSACTION READ ONLY");
            ProjectionFile.Position(connection); // From here on it sees what is there now.
            return connection;
        }

        private void Load()
        {
            using var connection = _looking ?? Look();
            _looking = null;
            if (!_profiles.IsReady)
            {
                var store = _profiles.NextToLoadAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(20)).GetAwaiter().GetResult();
                ProfileLoading.Load(connection, store).ShouldBeTrue();
                _profiles.Loaded(store);
                Check();
            }
        }

        private void StopLooking()
        {
            _looking?.Dispose();
            _looking = null;
        }

        private List<(string Environment, string Id, int Customer, long UpdatedAt, string Attributes)> Table()
        {
            using var connection = Look();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT e.id, c.customer_id, customer, p.updated_at, p.attributes FROM profiles p JOIN customers c USING (customer) JOIN environments e USING (environment)";
            using var reader = command.ExecuteReader();
            var rows = new List<(string, string, int, long, string)>();
            while (reader.Read())
            {
                rows.Add((reader.GetString(0), reader.GetString(1), reader.GetInt32(2), reader.GetInt64(3), reader.GetString(4)));
            }

            return rows;
        }

        private static byte[] Change(string environment, string customer, string attributes, int receivedAt)
        {
            var record = new ByteWriter();
            CustomerRecordCodec.Write(new CustomerRecord(receivedAt, Bytes(environment), Bytes(customer), Bytes(attributes)), record);
            return record.Written.ToArray();
        }

        private static byte[] Event(string environment, string customer, string attributes, int receivedAt)
        {
            var source = Bytes(customer + attributes);
            var customerLength = customer.Length;
            var request = new ExperienceRequest { ReceivedAt = receivedAt, ReceivedEvents = 1 };
            request.Contexts.Add(default);
            request.Elements.Add(new RequestElement(0, new Slice(0, customerLength), null, new Slice(customerLength, attributes.Length), 0, 1));
            request.Events.Add(new ExperienceEvent(0, Uuids.Of(Guid.NewGuid()), EventAction.Click, Platform.Web, 0, 0, default, default));
            var record = new ByteWriter();
            ExperienceRequestCodec.Write(request, source, Bytes(environment), record);
            return record.Written.ToArray();
        }

        private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

        private static string? Text(Func<ByteWriter, bool> write)
        {
            var target = new ByteWriter();
            return write(target) ? Encoding.UTF8.GetString(target.Written) : null;
        }
    }
}
