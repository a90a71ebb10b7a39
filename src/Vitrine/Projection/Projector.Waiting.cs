using System.Diagnostics;

namespace Vitrine.Projection;

/// <remarks>Waiting. Whoever waits is woken by each commit, and looks again; one who needs the answer hurries the next batch.</remarks>
public sealed partial class Projector
{
    /// <summary>Waits until a record is projected. False when that took longer than a limit.</summary>
    /// <param name="position">The record.</param>
    /// <param name="limit">How long to wait at most.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <param name="isUrgent">Whether somebody waits for the answer: then the next batch begins at once.</param>
    public async Task<bool> WaitForAsync(long position, TimeSpan limit, CancellationToken cancellation, bool isUrgent = true)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            Task moved;
            lock (_gate)
            {
                if (_progress.Position >= position && Gate.IsOpen)
                {
                    return true;
                }

                moved = _moved.Task;
            }

            if (isUrgent)
            {
                _hurry.Set();
            }

            var left = limit - Stopwatch.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
            {
                return false;
            }

            try
            {
                await moved.WaitAsync(left, cancellation);
            }
            catch (TimeoutException)
            {
                return false;
            }
        }
    }
}
