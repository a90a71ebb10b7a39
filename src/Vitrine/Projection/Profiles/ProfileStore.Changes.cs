namespace Vitrine.Projection.Profiles;

internal sealed partial class ProfileStore
{
    /// <summary>Takes over what a batch has changed.</summary>
    /// <exception cref="IOException">The disk refused what lay there; the store is of no more use.</exception>
    public void Apply(IReadOnlyList<ProfileChange> changes)
    {
        lock (_writing)
        {
            foreach (var change in changes)
            {
                var row = new ProfileRow(change.EnvironmentId, change.CustomerId, change.Customer, change.UpdatedAt, change.Attributes);
                var key = _hash.Of(row.EnvironmentId, row.CustomerId);
                Put(key, in row);
                if (row.Attributes.IsEmpty)
                {
                    _removed?.Add(key);
                }
            }

            Compact();
        }
    }

    /// <summary>Takes over rows that the table holds. False when the store is no longer wanted.</summary>
    /// <param name="rows">At a chunk of rows: customer's number, update, attributes, customer id, environment id.</param>
    public bool Load(ChunkReader rows)
    {
        lock (_writing)
        {
            var customers = rows.Column<int>(0);
            var updates = rows.Column<long>(1);
            var attributes = rows.TextColumn(2);
            var ids = rows.TextColumn(3);
            var environments = rows.TextColumn(4);
            for (var index = 0; index < rows.Rows && !_disposed; index++)
            {
                var row = new ProfileRow(environments[index], ids[index], customers[index], updates[index], attributes[index]);
                var key = _hash.Of(row.EnvironmentId, row.CustomerId);
                if (!Of(key).Places.ContainsKey(key) && !_removed!.Contains(key))
                {
                    Put(key, in row);
                }
            }

            return !_disposed;
        }
    }

    /// <summary>All that the table held is loaded.</summary>
    public void EndLoading()
    {
        lock (_writing)
        {
            _removed = null;
        }
    }

    /// <summary>Puts a row in the place of what there is; one without attributes leaves nothing.</summary>
    private void Put(TextKey key, in ProfileRow row)
    {
        var shard = Of(key);
        var replaces = shard.Places.TryGetValue(key, out var before);
        if (replaces)
        {
            UpdateIdentifiers(before, key, in row);
            _heap.Release(before);
        }

        if (row.Attributes.IsEmpty)
        {
            lock (shard.Gate)
            {
                shard.Places.Remove(key);
            }

            _count -= replaces ? 1 : 0;
            return;
        }

        ProfileEntry.Write(_heap.Append(ProfileEntry.LengthOf(in row), out var place), key, in row);
        lock (shard.Gate)
        {
            shard.Places[key] = place;
        }

        if (!replaces)
        {
            _count++;
            var (email, mobile) = _identifiers.Of(row.EnvironmentId, row.Attributes);
            var carrier = new IdentifierCarrier(row.UpdatedAt, row.Customer, key);
            Update(null, default, email, in carrier);
            Update(null, default, mobile, in carrier);
        }
    }

    private void UpdateIdentifiers(ProfilePlace before, TextKey key, in ProfileRow row)
    {
        byte[]? buffer = null;
        var entry = _heap.Read(before, ref buffer);
        var (oldEmail, oldMobile) = _identifiers.Of(row.EnvironmentId, entry.Attributes);
        var was = new IdentifierCarrier(entry.UpdatedAt, entry.Customer, key);
        Return(buffer);
        var (email, mobile) = row.Attributes.IsEmpty ? default : _identifiers.Of(row.EnvironmentId, row.Attributes);
        var carrier = new IdentifierCarrier(row.UpdatedAt, row.Customer, key);
        Update(oldEmail, in was, email, in carrier);
        Update(oldMobile, in was, mobile, in carrier);
    }

    private void Update(TextKey? before, in IdentifierCarrier was, TextKey? now, in IdentifierCarrier carrier)
    {
        if (before is { } same && same == now)
        {
            _index.Update(same, in was, in carrier);
            return;
        }

        if (before is { } old)
        {
            _index.Remove(old, in was);
        }

        if (now is { } one)
        {
            _index.Add(one, in carrier);
        }
    }

    private IdentifierCarrier CarrierOf(TextKey key)
    {
        byte[]? buffer = null;
        var entry = _heap.Read(Of(key).Places[key], ref buffer);
        var carrier = new IdentifierCarrier(entry.UpdatedAt, entry.Customer, key);
        Return(buffer);
        return carrier;
    }

    /// <summary>Moves what lives among the dead to the end.</summary>
    private void Compact()
    {
        while (_heap.FindDeadest() is >= 0 and var chunk)
        {
            var entries = _heap.ReadChunk(chunk);
            for (var offset = 0; offset < entries.Length;)
            {
                var entry = new ProfileEntry(entries.Slice(offset, ProfileEntry.LengthOfFirst(entries[offset..])));
                Move(new ProfilePlace(chunk, offset, entry.Bytes.Length), entry);
                offset += entry.Bytes.Length;
            }

            _heap.Drop(chunk);
        }
    }

    private void Move(ProfilePlace from, ProfileEntry entry)
    {
        var key = entry.Key;
        var shard = Of(key);
        if (!shard.Places.TryGetValue(key, out var place) || place != from)
        {
            return; // Dead.
        }

        entry.Bytes.CopyTo(_heap.Append(entry.Bytes.Length, out var to));
        lock (shard.Gate)
        {
            shard.Places[key] = to;
        }

        _heap.Release(from);
    }
}
