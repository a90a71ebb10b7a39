namespace Vitrine.Projection;

public sealed partial class Projector
{
    private string? _damagedBase;

    /// <summary>Opens the file, or what takes its place when it is damaged, ahead of the journal, or too far behind it.</summary>
    private ProjectionWriter Open()
    {
        SetAsideDistrusted();
        var writer = OpenSound();
        if (writer.Position > Limit())
        {
            writer = ReplaceAhead(writer);
        }

        if (LacksRecords(writer))
        {
            writer = ReplaceIncomplete(writer);
        }

        IsComplete = !LacksRecords(writer);
        if (!IsComplete)
        {
            Gap(writer.Position + 1, _journal.FirstPosition - 1);
        }

        Opened(writer.Position, _journal.Head);
        _opened = true;
        return writer;
    }

    /// <summary>
    /// How far a file can reach that belongs to this journal. Requests are taken while the first one is being opened,
    /// so the journal's end of before that is what counts: a file of another journal must not be overtaken. A base that
    /// others write is of this journal, and may be of a moment ago.
    /// </summary>
    private long Limit() => _opened ? _journal.Head
        : _bases.IsShared ? _journal.FindHeadAsync(_stopping.Token).AsTask().GetAwaiter().GetResult()
        : _headAtStart;

    private bool LacksRecords(ProjectionWriter writer) => _journal.FirstPosition > writer.Position + 1;

    private void SetAsideDistrusted()
    {
        if (_distrusted is not { } reason)
        {
            return;
        }

        ForgetHandedOn();
        Close();
        Damaged(_paths.SetAside(_time.GetUtcNow()), reason);
        _distrusted = null;
        _trust.Dispose();
        _trust = new CancellationTokenSource();
    }

    private ProjectionWriter OpenSound()
    {
        try
        {
            return File.Exists(_paths.File) ? NewWriter() : OpenAnew();
        }
        catch (Exception fault) when (ProjectionFile.MeansDamage(fault) && File.Exists(_paths.File))
        {
            Close();
            Damaged(_paths.SetAside(_time.GetUtcNow()), fault.Message);
            return OpenAnew();
        }
    }

    /// <summary>Opens a copy of the base, or a new file where there is none. A copy that cannot be opened is not kept.</summary>
    private ProjectionWriter OpenAnew()
    {
        ForgetHandedOn();
        if (_damagedBase is { } known)
        {
            throw new InvalidOperationException(known);
        }

        var hasBase = _bases.StartAsync(_stopping.Token).GetAwaiter().GetResult(); // On a thread of its own.
        try
        {
            return NewWriter();
        }
        catch (Exception fault) when (hasBase && ProjectionFile.MeansDamage(fault))
        {
            Close();
            _paths.Delete();
            _damagedBase = $"The projection's base {_bases.Place} is damaged ({fault.Message}); the journal begins at {_journal.FirstPosition} and cannot replace it. Restore a backup and start again.";
            throw new InvalidOperationException(_damagedBase, fault);
        }
    }

    /// <summary>A projection that knows more than the journal belongs to another one, or to a later state of it.</summary>
    private ProjectionWriter ReplaceAhead(ProjectionWriter writer)
    {
        var ahead = writer.Position;
        writer.Dispose();
        Close();
        Ahead(_paths.SetAside(_time.GetUtcNow()), ahead, Limit());
        writer = OpenAnew();
        if (writer.Position <= Limit())
        {
            return writer;
        }

        ahead = writer.Position;
        writer.Dispose();
        throw new InvalidOperationException(
            $"The projection's base {_bases.Place} reaches position {ahead} but the journal ends at {Limit()}: they do not belong together. Restore both from one backup.");
    }

    /// <summary>A projection that lacks records which the journal no longer has is no use where the base has them.</summary>
    private ProjectionWriter ReplaceIncomplete(ProjectionWriter writer)
    {
        if (_bases.FindReachAsync(_stopping.Token).GetAwaiter().GetResult() <= writer.Position)
        {
            return writer;
        }

        var position = writer.Position;
        writer.Dispose();
        Close();
        Behind(_paths.SetAside(_time.GetUtcNow()), position, _journal.FirstPosition);
        return OpenAnew();
    }

    private ProjectionWriter NewWriter()
    {
        var identities = _handedOn;
        _handedOn = null;
        return new ProjectionWriter(_paths.File, _options, _metrics, _profiles, _behaviours, identities);
    }

    [LoggerMessage(LogLevel.Information, "The projection is open at position {Position}; the journal reaches {Head}")]
    private partial void Opened(long position, long head);

    [LoggerMessage(LogLevel.Error, "The projection is damaged and was set aside as {Aside}; it is built anew from the journal. The reason: {Reason}")]
    private partial void Damaged(string aside, string reason);

    [LoggerMessage(LogLevel.Error, "The projection claims position {Position} but the journal ends at {Head}; it was set aside as {Aside} and is built anew")]
    private partial void Ahead(string aside, long position, long head);

    [LoggerMessage(LogLevel.Error, "The projection ends at {Position} but the journal begins at {First}; it was set aside as {Aside} and is built anew from its base")]
    private partial void Behind(string aside, long position, long first);

    [LoggerMessage(LogLevel.Error, "The journal no longer holds the records {First} to {Last}, which the projection lacks; reports are without them, and the journal is not trimmed any further")]
    private partial void Gap(long first, long last);
}
