namespace Vitrine.Cluster.Snapshots;

/// <summary>Named objects in a place that all nodes reach. Any thread.</summary>
/// <remarks>Whatever goes wrong is an <see cref="IOException"/> whose message says what, so that it can be tried again.</remarks>
internal interface ISnapshotObjects
{
    /// <summary>Where they are, for an operator; without secrets.</summary>
    string Place { get; }

    /// <summary>Writes an object; whoever reads it finds all of it, or nothing.</summary>
    Task PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation);

    /// <summary>Reads an object; null when there is none of that name.</summary>
    Task<byte[]?> GetAsync(string name, CancellationToken cancellation);

    /// <summary>The names that begin with a text.</summary>
    Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellation);

    /// <summary>Deletes an object, if it is there.</summary>
    Task DeleteAsync(string name, CancellationToken cancellation);

    /// <summary>Deletes what writers that came to no end have left.</summary>
    Task CleanAsync(CancellationToken cancellation);
}
