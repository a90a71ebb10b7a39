using System.Diagnostics;
using System.Globalization;

namespace Vitrine.Load;

/// <summary>A control group of Linux, either version, whose processes together have so much of the machine's processors and no more. Needs root.</summary>
internal sealed class ProcessorQuota : IDisposable
{
    private const int Period = 10_000; // Microseconds: short, so that whoever has used up his part does not stand for long.

    private readonly string _folder;

    private ProcessorQuota(string folder) => _folder = folder;

    /// <summary>Makes one for a number of processors, as 0.5.</summary>
    /// <exception cref="LoadException">The system has none, or does not let us.</exception>
    public static ProcessorQuota Make(double processors)
    {
        var first = Directory.Exists("/sys/fs/cgroup/cpu");
        var quota = new ProcessorQuota(Path.Combine(first ? "/sys/fs/cgroup/cpu" : "/sys/fs/cgroup", $"vitrine-load-{Environment.ProcessId}"));
        var share = ((int)(processors * Period)).ToString(CultureInfo.InvariantCulture);
        try
        {
            Directory.CreateDirectory(quota._folder);
            if (first)
            {
                quota.Write("cpu.cfs_period_us", Period.ToString(CultureInfo.InvariantCulture));
                quota.Write("cpu.cfs_quota_us", share);
            }
            else
            {
                quota.Write("cpu.max", string.Create(CultureInfo.InvariantCulture, $"{share} {Period}"));
            }

            return quota;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new LoadException($"The processors cannot be divided here: {fault.Message} It takes root, and control groups with 'cpu'.");
        }
    }

    /// <summary>Puts a process under it.</summary>
    public void Add(Process process) => Write("cgroup.procs", process.Id.ToString(CultureInfo.InvariantCulture));

    /// <summary>Takes it away; its processes have ended.</summary>
    public void Dispose() => Directory.Delete(_folder);

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(_folder, file), text);
}
