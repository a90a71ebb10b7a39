namespace Vitrine.Client.Sending;

/// <summary>Something that happens again and again, and is waited for. Any thread says that it has happened; one waits and resets.</summary>
internal sealed class Signal
{
    private volatile TaskCompletionSource<bool> _next = New();

    /// <summary>Ends once it has happened since the last reset.</summary>
    public Task Task => _next.Task;

    /// <summary>It has happened.</summary>
    public void Set() => _next.TrySetResult(true);

    /// <summary>Waits for the next time. What happened before does not count; look whether it left something to do.</summary>
    public void Reset()
    {
        if (_next.Task.IsCompleted)
        {
            _next = New();
        }
    }

    private static TaskCompletionSource<bool> New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
