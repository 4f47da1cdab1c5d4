using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Caching.Hybrid;

namespace BlazorChat.Common.Caching;

/// <summary>
/// Serialises the values of the shared cache as JSON without escaping letters. The default escapes each letter outside of ASCII, which doubles the
/// length of Korean text.
/// </summary>
internal sealed class CompactJson : IHybridCacheSerializerFactory
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public bool TryCreateSerializer<T>([NotNullWhen(true)] out IHybridCacheSerializer<T>? serializer)
    {
        serializer = new Serializer<T>();
        return true;
    }

    private sealed class Serializer<T> : IHybridCacheSerializer<T>
    {
        public T Deserialize(ReadOnlySequence<byte> source)
        {
            var json = new Utf8JsonReader(source);
            return JsonSerializer.Deserialize<T>(ref json, Options)!;
        }

        public void Serialize(T value, IBufferWriter<byte> target)
        {
            using var json = new Utf8JsonWriter(target, new JsonWriterOptions { Encoder = Options.Encoder });
            JsonSerializer.Serialize(json, value, Options);
        }
    }
}
