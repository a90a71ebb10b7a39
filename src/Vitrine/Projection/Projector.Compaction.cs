namespace Vitrine.Projection;

/// <remarks>
/// Compaction. DuckDB marks deleted rows and keeps their bytes; after an erasure the file is therefore written anew. The
/// projector's thread does it between two batches, so that the copy holds what the file holds; reports read on meanwhile
/// and are late by the time that it takes. Only for the moment of the exchange, and until the copy is open, readers are
/// sent away. The copy has the same rows, numbers and position, so what others remember of the file holds for it too. A
/// crash leaves the file or its copy.
/// </remarks>
public sealed partial class Projector
{
    private TaskCompletionSource? _compaction;

    /// <summary>Writes the file anew without what was deleted.</summary>
    /// <exception cref="IOException">It could not be; the file is as it was.</exception>
    public Task CompactAsync(CancellationToken cancellation)
    {
        TaskCompletionSource compaction;
        lock (_gate)
        {
            _compaction ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
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
        TaskCompletionSource compaction;
        lock (_gate)
        {
            (compaction, _compaction) = (_compaction!, null);
        }

        try
        {
            var target = _paths.File;
            using (var connection = ProjectionFile.Open(target, _options))
            {
                ProjectionFile.Execute(connection, "BEGIN");
                ProjectionCopy.Write(connection, target);
                ProjectionFile.Execute(connection, "COMMIT");
            }

            Exchange(target);
            compaction.SetResult();
        }
        catch (Exception fault)
        {
            compaction.SetException(fault is IOException ? fault : new IOException($"The projection could not be written anew: {fault.Message}", fault));
        }
    }

    private void Exchange(string target)
    {
        Close(keepsContent: true);
        try
        {
            _paths.DeleteLog(); // Closed cleanly there is none; beside another file it would be replayed onto that.
            ProjectionCopy.Place(target);
        }
        catch
        {
            Gate.Renew(); // Without its log the file may be of an earlier position.
            throw;
        }
    }
}
