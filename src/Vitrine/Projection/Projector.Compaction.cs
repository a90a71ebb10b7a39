namespace Vitrine.Projection;

/// <remarks>
/// Compaction. DuckDB marks deleted rows and keeps their bytes; after an erasure the file is therefore written anew. The
/// projector's thread does it between two batches, so that the copy holds what the file holds; reports read on meanwhile
/// and are late by the time that it takes. Only for the moment of the exchange readers wait. The copy has the same rows,
/// numbers and position, so what others remember of the file holds for it too, and what the projector itself does: the
/// next writer takes the numbers and uuids over. A crash leaves the file or its copy.
/// </remarks>
public sealed partial class Projector
{
    private TaskCompletionSource<long>? _compaction;
    private ProjectionIdentities? _handedOn; // To the next writer, of the same content.

    /// <summary>Writes the file anew without what was deleted; answers the position that it has.</summary>
    /// <exception cref="IOException">It could not be; the file is as it was.</exception>
    public Task<long> CompactAsync(CancellationToken cancellation)
    {
        TaskCompletionSource<long> compaction;
        lock (_gate)
        {
            _compaction ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            compaction = _compaction;
        }

        WakeUp();
        return compaction.Task.WaitAsync(cancellation);
    }

    private bool IsCompactionAsked
    {
        get
        {
            lock (_gate)
            {
                return _compaction is not null;
            }
        }
    }

    private void Compact()
    {
        TaskCompletionSource<long> compaction;
        lock (_gate)
        {
            (compaction, _compaction) = (_compaction!, null);
        }

        try
        {
            compaction.SetResult(Exchange(CopyItself()));
        }
        catch (Exception fault)
        {
            compaction.SetException(fault is IOException ? fault : new IOException($"The projection could not be written anew: {fault.Message}", fault));
        }
    }

    private long CopyItself()
    {
        using var connection = ProjectionFile.Open(_paths.File, _options);
        ProjectionFile.Execute(connection, "BEGIN");
        var position = ProjectionCopy.Write(connection, _paths.File, _paths.File);
        ProjectionFile.Execute(connection, "COMMIT");
        return position;
    }

    private long Exchange(long position)
    {
        Close(keepsContent: true);
        try
        {
            _paths.DeleteLog(); // Closed cleanly there is none; beside another file it would be replayed onto that.
            _paths.DeleteSpills();
            ProjectionCopy.Place(_paths.File);
            return position;
        }
        catch
        {
            Gate.Renew(); // Without its log the file may be of an earlier position.
            ForgetHandedOn();
            throw;
        }
    }

    private void ForgetHandedOn()
    {
        _handedOn?.Dispose();
        _handedOn = null;
    }
}
