using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Components;

namespace BlazorChat.Rooms;

/// <summary>How a page of messages goes with the state of the web page into its circuit: there it is of the node's own messages again.</summary>
internal sealed class MessagePageState(RenderedRows rows) : PersistentComponentStateSerializer<MessagePage>
{
    public override void Persist(MessagePage value, IBufferWriter<byte> writer)
    {
        using var json = new Utf8JsonWriter(writer);
        JsonSerializer.Serialize(json, value, JsonSerializerOptions.Web);
    }

    public override MessagePage Restore(ReadOnlySequence<byte> data)
    {
        var json = new Utf8JsonReader(data);
        return rows.Share(JsonSerializer.Deserialize<MessagePage>(ref json, JsonSerializerOptions.Web)!);
    }
}
