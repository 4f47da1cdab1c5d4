using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Components;

namespace BlazorChat.Common.Components;

/// <summary>
/// How a value of a component goes with its page into the circuit: as JSON of a bounded number of bytes. A longer one stays behind and is read
/// again there, because all values together reach the circuit in one message of limited size, and a page beyond that never becomes interactive.
/// </summary>
/// <param name="maxBytes">Of the JSON, in UTF-8. On its way it is encoded as base64 twice, which makes it 1.8 times as long.</param>
/// <param name="restored">Applied to what has arrived.</param>
internal sealed class PageState<T>(int maxBytes, Func<T, T> restored) : PersistentComponentStateSerializer<T>
    where T : class
{
    // It never stands in HTML as it is: letters of every script stay as short as UTF-8 has them.
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public int MaxBytes => maxBytes;

    public override void Persist(T value, IBufferWriter<byte> writer)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(value, Options);
        if (json.Length <= maxBytes)
            writer.Write(json);
    }

    /// <summary>Null when it was too long to come along.</summary>
    public override T Restore(ReadOnlySequence<byte> data)
    {
        if (data.IsEmpty)
            return null!;
        var json = new Utf8JsonReader(data);
        return restored(JsonSerializer.Deserialize<T>(ref json, Options)!);
    }
}

internal static class PageStateServices
{
    /// <summary>Lets properties of this type go with the page: every type of a <c>[PersistentState]</c> needs it.</summary>
    /// <inheritdoc cref="PageState{T}"/>
    public static IServiceCollection AddPageState<T>(this IServiceCollection services, int maxBytes, Func<IServiceProvider, Func<T, T>>? restored = null)
        where T : class =>
        services.AddSingleton<PersistentComponentStateSerializer<T>>(
            provider => new PageState<T>(maxBytes, restored?.Invoke(provider) ?? (static value => value)));
}
