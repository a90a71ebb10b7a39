using System.Security.Cryptography;

namespace Vitrine.Client;

/// <summary>What .NET has and .NET Standard 2.0 has not.</summary>
internal static class Platform
{
    public static Task Delay(this TimeProvider time, TimeSpan delay, CancellationToken cancellation) =>
#if NET
        Task.Delay(delay, time, cancellation);
#else
        TimeProviderTaskExtensions.Delay(time, delay, cancellation);
#endif

    public static Task<byte[]> ReadAsync(this HttpContent content, CancellationToken cancellation) =>
#if NET
        content.ReadAsByteArrayAsync(cancellation);
#else
        content.ReadAsByteArrayAsync();
#endif

    /// <summary>A client whose connections do not outlive what a name means.</summary>
    public static HttpClient NewHttpClient()
    {
#if NET
        var handler = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), AllowAutoRedirect = false };
#else
        var handler = new HttpClientHandler { AllowAutoRedirect = false };
#endif
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Makes a folder that nobody else need read, where there is none.</summary>
    public static void CreatePrivateFolder(string path)
    {
#if NET
        if (!OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return;
        }
#endif
        Directory.CreateDirectory(path);
    }

    /// <summary>Puts a file in another's place, at once.</summary>
    public static void ReplaceFile(string source, string target)
    {
#if NET
        File.Move(source, target, overwrite: true);
#else
        if (File.Exists(target))
        {
            File.Replace(source, target, null);
        }
        else
        {
            File.Move(source, target);
        }
#endif
    }

    /// <summary>Opens a file for this process alone.</summary>
    public static FileStream OpenAlone(string path, FileMode mode)
    {
        var stream = new FileStream(path, mode, FileAccess.ReadWrite, FileShare.None, bufferSize: 1); // Nothing waits in this process.
        try
        {
#if NET
            if (OperatingSystem.IsLinux() || OperatingSystem.IsAndroid() || OperatingSystem.IsWindows())
#endif
            {
                stream.Lock(0, 1); // Mono keeps processes apart by this alone.
            }
        }
        catch (PlatformNotSupportedException)
        {
            // Where parts of a file cannot be locked, FileShare keeps them apart.
        }
        catch
        {
            stream.Dispose();
            throw;
        }

        return stream;
    }

    /// <summary>A number from zero to one, at random.</summary>
    public static double Fraction()
    {
        var bytes = new byte[4];
        using var random = RandomNumberGenerator.Create();
        random.GetBytes(bytes);
        return BitConverter.ToUInt32(bytes, 0) / (double)uint.MaxValue;
    }
}
