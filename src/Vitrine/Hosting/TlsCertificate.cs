using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Vitrine.Hosting;

/// <summary>The certificate of the server, read again when its files change.</summary>
/// <remarks>
/// Whoever renews certificates replaces the files; within two seconds new connections get the new one, and those that are
/// there go on. Files that cannot be read, or whose key does not belong to the certificate, leave the one before in
/// force and are tried again: between the replacement of the one and the other they do not fit. What was replaced is not
/// disposed of, for handshakes may be using it.
/// </remarks>
internal sealed partial class TlsCertificate(TlsOptions options, TimeProvider time, ILogger<TlsCertificate> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private SslStreamCertificateContext _current = Load(options);
    private (DateTime, DateTime) _read = Written(options);
    private (DateTime, DateTime) _refused;

    /// <summary>Lets Kestrel use it.</summary>
    public void Use(KestrelServerOptions kestrel) => kestrel.ConfigureHttpsDefaults(https =>
    {
        https.ServerCertificateSelector = (_, _) => Volatile.Read(ref _current).TargetCertificate;
        https.OnAuthenticate = (_, handshake) =>
        {
            handshake.ServerCertificateContext = Volatile.Read(ref _current); // With those between it and a root.
            handshake.ServerCertificateSelectionCallback = null;
        };
    });

    /// <summary>Reads the files again if they have changed.</summary>
    public void Refresh()
    {
        var written = Written(options);
        if (written == _read)
        {
            return;
        }

        try
        {
            Volatile.Write(ref _current, Load(options));
            (_read, _refused) = (written, default);
            Renewed(_current.TargetCertificate.NotAfter.ToUniversalTime());
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            if (written != _refused)
            {
                NotRenewed(fault.Message);
            }

            _refused = written;
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            Refresh();
        }
    }

    private static SslStreamCertificateContext Load(TlsOptions options)
    {
        try
        {
            var certificate = X509Certificate2.CreateFromPemFile(options.CertificateFile!, options.KeyFile);
            var all = new X509Certificate2Collection();
            all.ImportFromPemFile(options.CertificateFile!);
            return SslStreamCertificateContext.Create(certificate, [.. all.Skip(1)], offline: true);
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            throw new InvalidDataException($"The certificate {options.CertificateFile} cannot be used for TLS with the key {options.KeyFile ?? "in it"}: {fault.Message}", fault);
        }
    }

    private static (DateTime, DateTime) Written(TlsOptions options) =>
        (File.GetLastWriteTimeUtc(options.CertificateFile!), options.KeyFile is null ? default : File.GetLastWriteTimeUtc(options.KeyFile));

    [LoggerMessage(LogLevel.Information, "The certificate for TLS was renewed; the new one is good until {End:u}")]
    private partial void Renewed(DateTime end);

    [LoggerMessage(LogLevel.Error, "The certificate for TLS was replaced by one that cannot be used; the one before stays in force: {Reason}")]
    private partial void NotRenewed(string reason);
}
