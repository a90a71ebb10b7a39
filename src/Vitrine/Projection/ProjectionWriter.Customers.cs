using Vitrine.Journal.Records;

namespace Vitrine.Projection;

/// <remarks>Changes of profiles that come without events.</remarks>
internal sealed partial class ProjectionWriter
{
    /// <summary>Bytes of attributes that weigh as much as an event: a batch holds all its changes in memory.</summary>
    private const int BytesAsHeavyAsAnEvent = 256;

    private void ApplyCustomer(long position, ReadOnlySpan<byte> record)
    {
        CustomerRecord change;
        try
        {
            change = CustomerRecordCodec.Read(record);
        }
        catch (InvalidDataException fault)
        {
            Quarantine(position, position, fault.Message);
            return;
        }

        _receivedAt = change.ReceivedAt;
        PendingEvents += 1 + (change.Attributes.Length / BytesAsHeavyAsAnEvent);
        var environment = EnvironmentNumber(change.Environment);
        var customer = change.IsRemoval
            ? _identities.Customers.Find(environment, change.CustomerId)
            : CustomerNumber(environment, change.CustomerId);
        if (customer > 0) // Of a customer who is not known nothing is to be removed.
        {
            _profiles.Note(customer, change.Environment, change.CustomerId, change.ReceivedAt, change.Attributes);
        }
    }
}
