using DuckDB.NET.Data;
using Vitrine.Journal;
using Vitrine.Journal.Records;
using Vitrine.Projection.Behaviours;
using Vitrine.Projection.Deduplication;
using Vitrine.Projection.Profiles;

namespace Vitrine.Projection;

/// <summary>Applies journal groups to the DuckDB tables, one transaction at a time.</summary>
/// <remarks>
/// <para>
/// Exactly once: the rows of a batch and the position of its last record are committed in one DuckDB transaction, so
/// after any crash the file says precisely which records it holds, and projecting goes on behind them. An event whose
/// uuid its environment has seen is noted as a duplicate and not counted.
/// </para>
/// <para>
/// Used by one thread. After an exception the numbers and uuids in memory may be ahead of the file: throw the writer
/// away and open another.
/// </para>
/// </remarks>
internal sealed partial class ProjectionWriter : IDisposable
{
    /// <summary>
    /// Memory of DuckDB while everything is read once and nothing again: with more it would keep what it has read, and
    /// fresh memory costs more than reading does.
    /// </summary>
    private const long LoadingBytes = 256 << 20;

    /// <summary>
    /// Bytes of the journal after which a batch ends however few events they are: DuckDB keeps what a transaction writes
    /// in memory until it is committed, beside the limit of its memory where texts are long.
    /// </summary>
    private const long LargestBatchBytes = 64 << 20;

    private readonly DuckDBConnection _connection;
    private readonly ProjectionOptions _options;
    private readonly ProjectionMetrics _metrics;
    private readonly CustomerProfiles? _customerProfiles;
    private readonly BehaviourWatches? _behaviours;
    private readonly ProjectionTables _tables;
    private readonly ProjectionIdentities _identities;
    private readonly ProfileChanges _profiles = new();
    private readonly IntakeCounts _intake = new();
    private readonly List<int> _contextNumbers = []; // Of the record at hand; 0 while not asked for.
    private readonly ExperienceRequest _request = new();
    private long _receivedAt;
    private bool _isHandedOn;

    /// <summary>Opens the file and rebuilds the memory of what it holds.</summary>
    /// <param name="path">The DuckDB file.</param>
    /// <param name="options">Its limits.</param>
    /// <param name="metrics">Where batches are counted.</param>
    /// <param name="customerProfiles">Told what each batch has changed of the profiles; null: nobody is.</param>
    /// <param name="behaviours">Told which events each batch has counted; null: nobody is.</param>
    /// <param name="identities">The memory of a writer of the same content; null: it is read. The writer disposes of it.</param>
    public ProjectionWriter(
        string path,
        ProjectionOptions options,
        ProjectionMetrics metrics,
        CustomerProfiles? customerProfiles = null,
        BehaviourWatches? behaviours = null,
        ProjectionIdentities? identities = null)
    {
        (_options, _metrics, _customerProfiles, _behaviours) = (options, metrics, customerProfiles, behaviours);
        _connection = ProjectionFile.Open(path, options);
        try
        {
            ProjectionFile.Prepare(_connection);
            (Position, _receivedAt) = ReadState();
            CommittedReceivedAt = _receivedAt;
            ProjectionFile.LimitMemory(_connection, Math.Min(LoadingBytes, options.MemoryLimitBytes));
            _identities = identities ?? ProjectionIdentities.Load(
                _connection,
                () => ProjectionFile.Open(path, options),
                new CountedUuids(path, options.DeduplicationMemoryBytes, metrics.SpillRefused));
            ProjectionFile.LimitMemory(_connection, options.MemoryLimitBytes);
            _tables = new ProjectionTables(_connection);
        }
        catch
        {
            (_identities ?? identities)?.Dispose();
            _tables?.Dispose();
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>The last record that is committed.</summary>
    public long Position { get; private set; }

    /// <summary>Unix milliseconds at which that record was received.</summary>
    public long CommittedReceivedAt { get; private set; }

    /// <summary>Events and refusals applied since <see cref="Begin"/>.</summary>
    public int PendingEvents { get; private set; }

    /// <summary>The connection, for work between two transactions on the same thread.</summary>
    public DuckDBConnection Connection => _connection;

    /// <summary>Hands the memory on to the next writer of the same content; this one is of no more use.</summary>
    public ProjectionIdentities HandOn()
    {
        _isHandedOn = true;
        return _identities;
    }

    /// <summary>Projects what the journal holds behind <see cref="Position"/>, up to about as many events or <see cref="LargestBatchBytes"/>, in one transaction.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="events">How many, about.</param>
    /// <param name="mayLack">Whether records that the journal no longer has are gone for good, and may be left out.</param>
    /// <exception cref="IOException">The journal has not what it should; nothing was projected.</exception>
    public void ProjectBatch(IJournal journal, int events, bool mayLack = false)
    {
        var reached = Position;
        var bytes = 0L;
        Begin();
        while (PendingEvents < events && bytes < LargestBatchBytes && journal.ReadAfter(reached) is { } group)
        {
            if (!mayLack && group.FirstPosition > reached + 1 && journal.FirstPosition > reached + 1)
            {
                throw new IOException($"The journal was trimmed: the records {reached + 1} to {journal.FirstPosition - 1} are to be had from the projection's base alone.");
            }

            Apply(group, reached);
            reached = group.LastPosition;
            bytes += group.Payload.Length;
        }

        if (reached == Position && journal.Head > reached)
        {
            throw new IOException($"The journal reaches {journal.Head} but has no record behind {reached}.");
        }

        Commit(reached);
    }

    /// <summary>Starts a transaction.</summary>
    public void Begin()
    {
        (PendingEvents, HasErased) = (0, false);
        _damages.Clear();
        _metrics.StartBatch();
        _behaviours?.Begin();
        ProjectionFile.Execute(_connection, "BEGIN TRANSACTION");
    }

    /// <summary>Applies all records of a group that lie behind <paramref name="after"/>.</summary>
    public void Apply(JournalGroup group, long after)
    {
        var records = group.Records;
        while (true)
        {
            try
            {
                if (!records.MoveNext())
                {
                    return;
                }
            }
            catch (JournalDamagedException damage)
            {
                Quarantine(damage.Position, damage.LastPosition, damage.Message);
                continue;
            }

            if (records.Position > after)
            {
                Apply(records.Position, records.Record);
            }
        }
    }

    /// <summary>Commits what was applied and that it reaches up to <paramref name="position"/>.</summary>
    public void Commit(long position)
    {
        _intake.Flush(_tables.Intake);
        _tables.Flush();
        var profiles = _profiles.Apply(_connection, _tables.Profiles);
        ForgetCustomersWithoutEvents();
        _deliveries.Apply(_connection);
        ProjectionFile.Execute(
            _connection,
            string.Create(null, $"UPDATE projection_state SET position = {position}, received_at = {_receivedAt}; COMMIT"));
        Position = position;
        CommittedReceivedAt = _receivedAt;
        _metrics.CommitBatch(_identities.Uuids);
        _customerProfiles?.Apply(profiles, position);
        _behaviours?.Apply(position);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tables.Dispose();
        if (!_isHandedOn)
        {
            _identities.Dispose();
        }

        _connection.Dispose();
    }

    private void Apply(long position, ReadOnlySpan<byte> record)
    {
        switch (RecordKinds.Of(record))
        {
            case RecordKind.DeliveredCounts:
                ApplyDeliveries(position, record);
                break;
            case RecordKind.CustomerProfile or RecordKind.CustomerRemoval:
                ApplyCustomer(position, record);
                break;
            case RecordKind.GoalEvents:
                ApplyGoals(position, record);
                break;
            case RecordKind.Erasure:
                ApplyErasure(position, record);
                break;
            case RecordKind.Erased:
                ApplyErasedRecord(position, record);
                break;
            case RecordKind.Retention:
                ApplyRetention(position, record);
                break;
            default:
                ApplyRequest(position, record); // And whatever is of no known kind, which it cannot read.
                break;
        }
    }

    private (long Position, long ReceivedAt) ReadState()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT position, received_at FROM projection_state";
        using var reader = command.ExecuteReader();
        reader.Read();
        return (reader.GetInt64(0), reader.GetInt64(1));
    }
}
