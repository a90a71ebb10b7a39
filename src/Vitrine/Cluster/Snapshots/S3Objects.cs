using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Vitrine.Cluster.Snapshots;

/// <summary>Objects in a bucket of S3, or of what speaks its protocol.</summary>
/// <remarks>
/// Who we are is found as the tools of AWS find it: <c>AWS_ACCESS_KEY_ID</c> and <c>AWS_SECRET_ACCESS_KEY</c>, a profile, or
/// the machine's role. An object is written by one request, so there is never a part of one.
/// </remarks>
internal sealed class S3Objects : ISnapshotObjects, IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly AmazonS3Client _client;
    private readonly string _bucket;
    private readonly string _prefix;

    /// <summary>Prepares it; nothing is asked yet.</summary>
    /// <param name="place">Such as <c>s3://bucket/prefix?region=eu-central-1&amp;endpoint=https://minio:9000</c>.</param>
    public S3Objects(Uri place)
    {
        var query = System.Web.HttpUtility.ParseQueryString(place.Query);
        (_bucket, _prefix) = (place.Host, place.AbsolutePath.Trim('/') is { Length: > 0 } prefix ? prefix + "/" : "");
        var configuration = new AmazonS3Config
        {
            Timeout = Limit,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED, // What is not AWS often knows no other.
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (query["region"] is { } region)
        {
            configuration.RegionEndpoint = RegionEndpoint.GetBySystemName(region);
        }

        if (query["endpoint"] is { } endpoint)
        {
            (configuration.ServiceURL, configuration.ForcePathStyle, configuration.AuthenticationRegion) = (endpoint, true, query["region"] ?? "us-east-1");
        }

        _client = new AmazonS3Client(configuration);
    }

    /// <inheritdoc/>
    public string Place => $"s3://{_bucket}/{_prefix}";

    /// <inheritdoc/>
    public Task PutAsync(string name, ReadOnlyMemory<byte> content, CancellationToken cancellation) => TryAsync(async () =>
    {
        using var stream = new MemoryStream(content.ToArray(), writable: false);
        await _client.PutObjectAsync(new PutObjectRequest { BucketName = _bucket, Key = _prefix + name, InputStream = stream, UseChunkEncoding = false }, cancellation);
        return true;
    });

    /// <inheritdoc/>
    public Task<byte[]?> GetAsync(string name, CancellationToken cancellation) => TryAsync<byte[]?>(async () =>
    {
        try
        {
            using var answer = await _client.GetObjectAsync(_bucket, _prefix + name, cancellation);
            using var content = new MemoryStream();
            await answer.ResponseStream.CopyToAsync(content, cancellation);
            return content.ToArray();
        }
        catch (AmazonS3Exception fault) when (fault.ErrorCode == "NoSuchKey")
        {
            return null;
        }
    });

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellation) => TryAsync<IReadOnlyList<string>>(async () =>
    {
        var names = new List<string>();
        var request = new ListObjectsV2Request { BucketName = _bucket, Prefix = _prefix + prefix };
        ListObjectsV2Response answer;
        do
        {
            answer = await _client.ListObjectsV2Async(request, cancellation);
            names.AddRange((answer.S3Objects ?? []).Select(one => one.Key[_prefix.Length..]));
            request.ContinuationToken = answer.NextContinuationToken;
        }
        while (answer.IsTruncated == true);
        return names;
    });

    /// <inheritdoc/>
    public Task DeleteAsync(string name, CancellationToken cancellation) => TryAsync(async () => await _client.DeleteObjectAsync(_bucket, _prefix + name, cancellation));

    /// <inheritdoc/>
    public Task CleanAsync(CancellationToken cancellation) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<T> TryAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception fault) when (fault is AmazonClientException or AmazonServiceException or HttpRequestException)
        {
            throw new IOException($"{Place} cannot be used: {fault.Message}", fault);
        }
    }
}
