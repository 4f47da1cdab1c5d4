using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Components;

namespace BlazorChat.Common.Components;

/// <summary>
/// Serialises a persisted value of a component, which the page carries into the circuit, as JSON of a bounded number of bytes. A longer value is
/// left out and read again in the circuit: all values reach the circuit in one message of limited size, and a page beyond it never becomes
/// interactive.
/// </summary>
/// <param name="maxBytes">The largest JSON, in bytes of UTF-8. It is encoded as base64 twice on the way, which makes it 1.8 times as long.</param>
internal sealed class PageState<T>(int maxBytes) : PersistentComponentStateSerializer<T>
    where T : class
{
    // The JSON is never embedded in HTML unencoded, so letters of every script may stay as short as in UTF-8.
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public int MaxBytes => maxBytes;

    public override void Persist(T value, IBufferWriter<byte> writer)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(value, Options);
        if (json.Length <= maxBytes)
            writer.Write(json);
    }

    /// <summary>Null when the value was too long and was left out.</summary>
    public override T Restore(ReadOnlySequence<byte> data)
    {
        if (data.IsEmpty)
            return null!;
        var json = new Utf8JsonReader(data);
        return JsonSerializer.Deserialize<T>(ref json, Options)!;
    }
}

internal static class PageStateServices
{
    /// <summary>Registers the bound of a type. Every type of a <c>[PersistentState]</c> property needs one.</summary>
    /// <inheritdoc cref="PageState{T}"/>
    public static IServiceCollection AddPageState<T>(this IServiceCollection services, int maxBytes)
        where T : class =>
        services.AddSingleton<PersistentComponentStateSerializer<T>>(new PageState<T>(maxBytes));
}
